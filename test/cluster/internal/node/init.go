package node

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/cgroup"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// Init is the first process of a node: it enters the node's control group,
// starts Run, and reaps whatever ends, until Run does. When ctx ends it asks Run
// to end.
func Init(ctx context.Context, c layout.Cluster, node int) error {
	groups, err := cgroup.Find()
	if err != nil {
		return err
	}
	system := c.NodeCgroup(node) + "/system"
	if err := groups.Create(system); err != nil {
		return err
	}
	if err := groups.Enter(system); err != nil {
		return err
	}
	run := exec.Command(c.Program(), RunWord, c.Root, c.Name, strconv.Itoa(node))
	run.Stdout, run.Stderr = os.Stdout, os.Stderr
	if err := run.Start(); err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		_ = syscall.Kill(run.Process.Pid, syscall.SIGTERM) // it may have ended
	}()
	return reapUntil(run.Process.Pid)
}

// reapUntil collects ended children until the one given has ended.
func reapUntil(last int) error {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return err
		case pid == last && status.ExitStatus() != 0:
			return fmt.Errorf("the node ended: exit status %d, signal %d", status.ExitStatus(), status.Signal())
		case pid == last:
			return nil
		}
	}
}
