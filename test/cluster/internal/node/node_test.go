package node

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

func testCluster(t *testing.T) layout.Cluster {
	t.Helper()
	c := layout.Cluster{Root: t.TempDir(), Name: "test", Nodes: 1}
	if err := os.MkdirAll(c.NodeLogs(0), 0o755); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestArgs(t *testing.T) {
	c := testCluster(t)
	if _, _, err := Args([]string{c.Root, c.Name, "0"}); err == nil {
		t.Error("a cluster without a record was found")
	}
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	got, node, err := Args([]string{c.Root, c.Name, "1"})
	if err != nil || node != 1 || got.Name != c.Name {
		t.Errorf("got %+v, %d, %v", got, node, err)
	}
	for _, bad := range [][]string{nil, {c.Root, c.Name}, {c.Root, c.Name, "x"}} {
		if _, _, err := Args(bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestSupervisorStartsADaemonAgain(t *testing.T) {
	c := testCluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := &supervisor{cluster: c}
	s.keep(ctx, "short", "echo", "once")
	log := filepath.Join(c.NodeLogs(0), "short.log")
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		raw, _ := os.ReadFile(log)
		if strings.Count(string(raw), "once\n") >= 2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("log is %q", raw)
		}
	}
	cancel()
	s.wait()
}

func TestSupervisorEndsADaemonWithSIGTERM(t *testing.T) {
	c := testCluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := &supervisor{cluster: c}
	s.keep(ctx, "long", "sleep", "60")
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	cancel()
	s.wait()
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestReapUntilTellsHowTheLastOneEnded(t *testing.T) {
	cmd := exec.Command("sh", "-c", "exit 3")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := reapUntil(cmd.Process.Pid); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("err = %v", err)
	}
}

func TestFindAndStop(t *testing.T) {
	c := testCluster(t)
	if len(Find(c)) != 0 {
		t.Fatal("found a node before one was started")
	}
	pid := fake(t, c)
	if got := Find(c); got[0] != pid || !Any() {
		t.Errorf("found %v, want node 0 as %d", got, pid)
	}
	other := c
	other.Name = "other"
	if got := Find(other); len(got) != 0 {
		t.Errorf("another cluster's node was found: %v", got)
	}
	if err := Stop(t.Context(), c, 0); err != nil || len(Find(c)) != 0 {
		t.Errorf("err %v, left %v", err, Find(c))
	}
}

// fake starts a process that looks like a node's first to everybody else.
func fake(t *testing.T, c layout.Cluster) int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := &exec.Cmd{
		Path: self, Args: []string{c.Program(), InitWord, c.Root, c.Name, "0"},
		Env: append(os.Environ(), "NODE_TEST_SLEEP=1"), SysProcAttr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL},
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = cmd.Wait() }() // killed: an error is right
	return cmd.Process.Pid
}

// TestMain lets the test binary stand in for a node's first process.
func TestMain(m *testing.M) {
	if os.Getenv("NODE_TEST_SLEEP") != "" {
		time.Sleep(time.Minute)
		return
	}
	os.Exit(m.Run())
}
