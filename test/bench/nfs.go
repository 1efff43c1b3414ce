package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

const (
	// ping is how often NFS is asked, answer how long it may think.
	ping   = 20 * time.Millisecond
	answer = 500 * time.Millisecond
)

// longestSilence asks an NFS server for nothing (procedure NULL) until ctx ends, and returns the
// longest time between two answers.
func longestSilence(ctx context.Context, address string) time.Duration {
	longest, last := time.Duration(0), time.Now()
	for ctx.Err() == nil {
		if null(ctx, address) == nil {
			longest = max(longest, time.Since(last))
			last = time.Now()
		}
		time.Sleep(ping)
	}
	return max(longest, time.Since(last))
}

// null calls NFSv3's procedure NULL over a new connection.
func null(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, answer)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answer)); err != nil {
		return err
	}
	if _, err := conn.Write(nullCall()); err != nil {
		return err
	}
	var reply [28]byte // a record mark and an accepted reply without results
	if _, err := io.ReadFull(conn, reply[:]); err != nil {
		return err
	}
	if status := binary.BigEndian.Uint32(reply[24:]); status != 0 {
		return fmt.Errorf("NFS refuses NULL: %d", status)
	}
	return nil
}

// nullCall is a record of one ONC RPC call: NFS version 3, procedure 0, no credentials.
func nullCall() []byte {
	const last, xid, call, rpc, nfs = 1 << 31, 1, 0, 2, 100003
	words := []uint32{last | 40, xid, call, rpc, nfs, 3, 0, 0, 0, 0, 0}
	out := make([]byte, 0, 44)
	for _, w := range words {
		out = binary.BigEndian.AppendUint32(out, w)
	}
	return out
}
