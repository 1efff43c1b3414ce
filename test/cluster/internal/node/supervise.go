package node

import (
	"context"
	"fmt"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// A supervisor keeps daemons of one node running, each with a log of its own.
type supervisor struct {
	cluster layout.Cluster
	node    int
	all     sync.WaitGroup
}

// keep runs a daemon until ctx ends, again a second after each time it ends.
// How it ended is in the node's own log.
func (s *supervisor) keep(ctx context.Context, name, program string, args ...string) {
	s.all.Go(func() {
		for ctx.Err() == nil {
			err := s.once(ctx, name, program, args)
			if ctx.Err() != nil {
				return
			}
			fmt.Printf("%s %s ended: %v; starting it again\n", time.Now().Format(time.RFC3339), name, err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	})
}

// once runs a program to its end. When ctx ends it gets SIGTERM and 3 s.
func (s *supervisor) once(ctx context.Context, name, program string, args []string) error {
	log, err := openLog(s.cluster, s.node, name)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 3 * time.Second
	return cmd.Run()
}

// wait returns when all daemons have ended.
func (s *supervisor) wait() { s.all.Wait() }
