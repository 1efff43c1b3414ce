package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/cgroup"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/hostnet"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/hoststate"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/node"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/volumes"
)

// down is the command down. It needs no record of what was made: everything is
// found by the cluster's name, so it also cleans up after a crash.
func down(ctx context.Context, args []string) error {
	flags, target := targetFlags("down")
	keep := flags.Bool("keep", false, "keep the cluster's data for the next up")
	flags.Bool("purge", true, "remove the cluster's data (the default)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := needRoot(); err != nil {
		return err
	}
	log := logger()
	c, _, held, err := target.lock(ctx, log)
	if err != nil {
		return err
	}
	defer os.Remove(c.Root) // fails, as it should, unless it is empty
	defer held.Remove()
	if err := stop(ctx, c, *keep); err != nil {
		return err
	}
	if !*keep {
		if err := purge(c); err != nil {
			return err
		}
	}
	log("cluster %s is down", c.Name)
	return leave(ctx)
}

// stop ends the cluster's processes and undoes what it made outside its folder.
// It goes on after a failure: what else can be undone should be.
func stop(ctx context.Context, c layout.Cluster, gently bool) error {
	grace := time.Duration(0)
	if gently {
		grace = 10 * time.Second
	}
	if err := node.Stop(ctx, c, grace); err != nil {
		return err
	}
	groups, err := cgroup.Find()
	if err == nil {
		err = groups.Remove(ctx, c.Cgroup())
	}
	return errors.Join(err, hostnet.Remove(ctx, c), volumes.Unmount(ctx, c))
}

// purge removes the cluster's folder, unless something is still mounted in it.
func purge(c layout.Cluster) error {
	mounts, err := volumes.MountsBelow(c.Dir())
	if err != nil {
		return err
	}
	if len(mounts) > 0 {
		return fmt.Errorf("%s is still mounted, so the cluster's folder stays", mounts[0])
	}
	return os.RemoveAll(c.Dir())
}

// leave puts the machine back as it was when no cluster runs any more.
func leave(ctx context.Context) error {
	held, err := lockHost(ctx)
	if err != nil {
		return err
	}
	if node.Any() {
		held.Release()
		return nil
	}
	defer os.Remove(layout.HostDir) // empty now
	defer held.Remove()
	return hoststate.Restore(layout.HostDir)
}
