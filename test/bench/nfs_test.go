package main

import (
	"context"
	"io"
	"net"
	"testing"
	"time"
)

// server answers NULL calls with the given status until the test ends.
func server(t *testing.T, status byte) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			var call [44]byte
			if _, err := io.ReadFull(conn, call[:]); err == nil {
				reply := make([]byte, 28)
				reply[0], reply[3], reply[7], reply[11], reply[27] = 0x80, 24, call[7], 1, status
				_, _ = conn.Write(reply)
			}
			conn.Close()
		}
	}()
	return l.Addr().String()
}

func TestNull(t *testing.T) {
	if err := null(t.Context(), server(t, 0)); err != nil {
		t.Error(err)
	}
	if null(t.Context(), server(t, 2)) == nil {
		t.Error("a refusal was taken for an answer")
	}
	if null(t.Context(), "127.0.0.1:1") == nil {
		t.Error("nobody listens, and there was an answer")
	}
}

func TestLongestSilence(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if got := longestSilence(ctx, "127.0.0.1:1"); got < 290*time.Millisecond {
		t.Errorf("nobody answers, and the longest silence is %v", got)
	}
}
