package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// The words of the command line that the node's two processes are started with:
// PROGRAM WORD ROOT NAME NODE.
const (
	InitWord = "node-init"
	RunWord  = "node-run"
)

// Args parses what follows InitWord or RunWord.
func Args(args []string) (layout.Cluster, int, error) {
	if len(args) != 3 {
		return layout.Cluster{}, 0, errors.New("want ROOT NAME NODE")
	}
	node, err := strconv.Atoi(args[2])
	if err != nil {
		return layout.Cluster{}, 0, err
	}
	c, found, err := layout.Load(args[0], args[1])
	if err == nil && !found {
		err = fmt.Errorf("no cluster %s in %s", args[1], args[0])
	}
	return c, node, err
}

// Start starts a node in new namespaces and returns its first process's ID. The
// node waits there for its link. It outlives the caller.
func Start(c layout.Cluster, node int) (int, error) {
	if err := os.MkdirAll(c.NodeLogs(node), 0o755); err != nil {
		return 0, err
	}
	log, err := openLog(c, node, "node")
	if err != nil {
		return 0, err
	}
	defer log.Close()
	cmd := exec.Command(c.Program(), InitWord, c.Root, c.Name, strconv.Itoa(node))
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setsid: true,
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS |
			syscall.CLONE_NEWIPC | syscall.CLONE_NEWPID,
	}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("start node %d: %w", node, err)
	}
	pid := cmd.Process.Pid // Release forgets it
	return pid, cmd.Process.Release()
}

// Find returns the first processes of a cluster's running nodes, by node.
// It asks the kernel, not a record, so it is right after any crash.
func Find(c layout.Cluster) map[int]int {
	found := map[int]int{}
	each(func(pid int, args []string) {
		if len(args) != 5 || args[0] != c.Program() || args[1] != InitWord {
			return
		}
		if node, err := strconv.Atoi(args[4]); err == nil {
			found[node] = pid
		}
	})
	return found
}

// Any says whether a node of any cluster runs on this machine.
func Any() bool {
	found := false
	each(func(_ int, args []string) {
		found = found || len(args) == 5 && args[1] == InitWord && args[0] == layout.Cluster{Root: args[2], Name: args[3]}.Program()
	})
	return found
}

// each calls do for every process that has a command line; zombies have none.
func each(do func(pid int, args []string)) {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is well formed
	for _, file := range files {
		raw, err := os.ReadFile(file)
		pid, notNumber := strconv.Atoi(strings.Split(file, "/")[2])
		if err != nil || notNumber != nil || len(raw) == 0 {
			continue
		}
		do(pid, strings.Split(strings.TrimSuffix(string(raw), "\x00"), "\x00"))
	}
}

// Stop ends all nodes of a cluster. They may use up grace to end by themselves.
func Stop(ctx context.Context, c layout.Cluster, grace time.Duration) error {
	deadline := time.Now().Add(grace)
	for start := time.Now(); ; {
		pids := Find(c)
		if len(pids) == 0 {
			return nil
		}
		signal := syscall.SIGTERM
		if time.Now().After(deadline) {
			signal = syscall.SIGKILL
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("stop process %d: %w", pid, err)
			}
		}
		if time.Since(start) > grace+30*time.Second {
			return fmt.Errorf("processes %v do not end", pids)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func openLog(c layout.Cluster, node int, name string) (*os.File, error) {
	path := filepath.Join(c.NodeLogs(node), name+".log")
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}
