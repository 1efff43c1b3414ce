package contract

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeS3 knows one bucket. It can be stopped (connection refused) and paused
// (no answer).
type fakeS3 struct {
	t      *testing.T
	addr   string
	mu     sync.Mutex
	server *http.Server
	gate   chan struct{} // open when closed
}

func newS3(t *testing.T) *fakeS3 {
	s := &fakeS3{t: t, gate: make(chan struct{})}
	close(s.gate)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	s.serve(l)
	t.Cleanup(s.stop)
	return s
}

func (s *fakeS3) serve(l net.Listener) {
	server := &http.Server{Handler: s}
	s.mu.Lock()
	s.server = server
	s.mu.Unlock()
	go func() { _ = server.Serve(l) }()
}

func (s *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	select {
	case <-gate:
	case <-r.Context().Done():
		return
	}
	if !strings.HasPrefix(r.URL.Path, "/dittofs") {
		w.WriteHeader(http.StatusNotFound)
	}
}

func (s *fakeS3) pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate = make(chan struct{})
}

func (s *fakeS3) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.gate:
	default:
		close(s.gate)
	}
}

func (s *fakeS3) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		_ = s.server.Close()
		s.server = nil
	}
}

func (s *fakeS3) start() {
	for range 50 {
		if l, err := net.Listen("tcp", s.addr); err == nil {
			s.serve(l)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatal("S3 address is taken")
}
