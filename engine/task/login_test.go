package task

import (
	"fmt"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func TestServerThatIsGoneDoesNotCostTheWholeTimeOfACall(t *testing.T) {
	address := silent(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	response, err := httpClient.Do(request)
	if err == nil {
		response.Body.Close()
		t.Fatal("nobody was there, and somebody answered")
	}
	if took, limit := time.Since(began), 3*api.DefaultDialTimeout; took > limit {
		t.Errorf("gave up after %v, want less than %v", took, limit)
	}
}

// silent returns an address that does not answer: a queue of connections that is full.
func silent(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for range 3 {
		if conn, err := net.DialTimeout("tcp", address, 200*time.Millisecond); err == nil {
			t.Cleanup(func() { _ = conn.Close() })
		}
	}
	return address
}
