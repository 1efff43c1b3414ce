package contract

import (
	"bytes"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a stand-in process on loopback with its data directory.
type server struct {
	t     *testing.T
	dir   string
	env   map[string]string
	ports map[int]int // recorded port -> port in this run
	cmd   *exec.Cmd
	out   *output
}

// output collects what the process prints.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

var recordedPorts = []int{8080, 9090, 12049, 12050, 1445, 12445, 15432}

func newServer(t *testing.T) *server {
	s := &server{t: t, ports: map[int]int{}}
	for _, p := range recordedPorts {
		s.ports[p] = freePort(t)
	}
	s.fresh()
	t.Cleanup(s.kill)
	return s
}

var (
	portMu    sync.Mutex
	portsUsed = map[int]bool{}
)

// freePort finds a port that no other server of this test run was given.
func freePort(t *testing.T) int {
	t.Helper()
	portMu.Lock()
	defer portMu.Unlock()
	for range 1000 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		_ = l.Close()
		if !portsUsed[port] {
			portsUsed[port] = true
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

// fresh takes a new data directory and the settings of a new server.
func (s *server) fresh() {
	s.dir = s.t.TempDir()
	s.env = map[string]string{
		serverVariable: "1", "HOME": s.dir, "PATH": "/nonexistent",
		"DITTOFS_DATABASE_SQLITE_PATH":       filepath.Join(s.dir, "controlplane", "controlplane.db"),
		"DITTOFS_CONTROLPLANE_PORT":          fmt.Sprint(s.ports[8080]),
		"DITTOFS_METRICS_PORT":               fmt.Sprint(s.ports[9090]),
		"DITTOFS_METRICS_ENABLED":            "true",
		"DITTOFS_CONTROLPLANE_SECRET":        "contract-test-secret-0123456789abcdef",
		"DITTOFS_ADMIN_INITIAL_PASSWORD":     "Admin-dummy-1",
		"DITTOFS_SIM_BIND":                   "127.0.0.1",
		"DITTOFS_SIM_PORT_MAP":               s.portMap(),
		"DITTOFS_SIM_STATUS_CACHE":           cacheTime.String(),
		"DITTOFS_CONTROLPLANE_WRITE_TIMEOUT": writeTimeout.String(),
		"DITTOFS_SIM_S3_DELAY":               (writeTimeout + time.Second).String(),
		"DITTOFS_SIM_S3_START_DELAY":         "1s",
		"DITTOFS_SIM_SNAPSHOT_PATIENCE":      "20s",
		"DITTOFS_SIM_PRINT_PASSWORD":         "1",
	}
}

// writeTimeout stands for the 10 s after which a request gets no answer.
const writeTimeout = 4 * time.Second

// cacheTime stands for the 5 s for which the server keeps a status. 07-snapshots
// does several things within it, also on a busy machine.
const cacheTime = 4 * time.Second

func (s *server) portMap() string {
	pairs := []string{}
	for from, to := range maps.All(s.ports) {
		pairs = append(pairs, fmt.Sprintf("%d=%d", from, to))
	}
	return strings.Join(pairs, ",")
}

// launch starts the process without waiting for it to answer.
func (s *server) launch() {
	s.t.Helper()
	self, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	s.out = &output{}
	s.cmd = exec.Command(self, "start", "--foreground")
	s.cmd.Env = nil
	for k, v := range s.env {
		s.cmd.Env = append(s.cmd.Env, k+"="+v)
	}
	s.cmd.Stdout, s.cmd.Stderr, s.cmd.Dir = s.out, s.out, s.dir
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// start starts the process and waits until the API and the adapters are up.
func (s *server) start() {
	s.t.Helper()
	s.launch()
	for range 600 {
		resp, err := http.Get(s.url(8080, "/health"))
		if err == nil {
			_ = resp.Body.Close()
			// longer than an adapter says that it has not started yet
			time.Sleep(200 * time.Millisecond)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("server does not answer:\n%s", s.out)
}

func (s *server) url(port int, path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", s.ports[port], path)
}

func (s *server) kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// stop sends SIGTERM and returns the exit code.
func (s *server) stop() int {
	if s.cmd == nil {
		return 0
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
	code := s.cmd.ProcessState.ExitCode()
	s.cmd = nil
	return code
}

// password is the generated one that was printed.
func (s *server) password() string {
	_, rest, _ := strings.Cut(s.out.String(), "Generated admin password: ")
	word, _, _ := strings.Cut(rest, "\n")
	return word
}
