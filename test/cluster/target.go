package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/lock"
)

// target is what every command's --name and --root say.
type target struct{ name, root *string }

// targetFlags starts a command's flags with those that all have.
func targetFlags(command string) (*flag.FlagSet, target) {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	return flags, target{
		name: flags.String("name", cmp.Or(os.Getenv("CLUSTER"), "dittofs"), "which cluster; also $CLUSTER"),
		root: flags.String("root", cmp.Or(os.Getenv("CLUSTER_ROOT"), layout.DefaultRoot), "folder of all clusters; also $CLUSTER_ROOT"),
	}
}

// load reads the cluster's record; found is false when it was never up.
func (t target) load() (c layout.Cluster, found bool, err error) {
	if err := layout.CheckName(*t.name); err != nil {
		return c, false, err
	}
	root, err := filepath.Abs(*t.root)
	if err != nil {
		return c, false, err
	}
	return layout.Load(root, *t.name)
}

// lock is load for commands that change the cluster: one of them at a time.
func (t target) lock(ctx context.Context, log func(string, ...any)) (c layout.Cluster, found bool, held *lock.Lock, err error) {
	if c, _, err = t.load(); err != nil {
		return c, false, nil, err
	}
	held, err = lock.Acquire(ctx, c.Lock(), func() { log("another command works on cluster %s, waiting", c.Name) })
	if err != nil {
		return c, false, nil, err
	}
	if c, found, err = t.load(); err != nil { // as the last holder left it
		held.Release()
	}
	return c, found, held, err
}

// existing is load for commands that need a cluster.
func (t target) existing() (layout.Cluster, error) {
	c, found, err := t.load()
	if err == nil && !found {
		err = fmt.Errorf("there is no cluster %s; start it with up", c.Name)
	}
	return c, err
}

// needRoot says in time what would fail later.
func needRoot() error {
	if os.Geteuid() != 0 {
		return errors.New("this needs root: nodes have namespaces, mounts and links of their own")
	}
	return nil
}

// lockHost lets one command at a time change what all clusters share.
func lockHost(ctx context.Context) (*lock.Lock, error) {
	return lock.Acquire(ctx, filepath.Join(layout.HostDir, "lock"), func() {})
}
