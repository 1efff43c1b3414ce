package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/api"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/cgroup"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/config"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/hostnet"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/hoststate"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/node"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/pki"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/volumes"
)

// readyIn bounds how long a cluster may take to work.
const readyIn = 3 * time.Minute

// start brings the cluster up and waits until it works. It returns when it
// started which nodes.
func start(ctx context.Context, c layout.Cluster, found bool, log func(string, ...any)) (map[int]time.Time, error) {
	started, err := startNodes(ctx, &c, found, log)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, readyIn)
	defer cancel()
	client, err := api.New(c)
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		name  string
		check func() error
	}{
		{"API", func() error { return client.Ready(ctx) }},
		{"add-ons", func() error { return applyObjects(ctx, c) }},
		{"nodes", func() error { return client.NodesReady(ctx, started) }},
		{"DNS", func() error { return client.DNSAnswers(ctx) }},
	} {
		if err := api.Poll(ctx, step.check); err != nil {
			return nil, fmt.Errorf("%s not ready (logs are in %s): %w", step.name, c.NodeLogs(0), err)
		}
		log("%s ready", step.name)
	}
	log("cluster %s works; export KUBECONFIG=%s", c.Name, c.Kubeconfig())
	return started, nil
}

// startNodes starts the nodes that do not run and returns when it did so. It
// holds the lock that keeps other clusters' commands from choosing the same
// addresses, or from cleaning the machine up meanwhile.
func startNodes(ctx context.Context, c *layout.Cluster, found bool, log func(string, ...any)) (map[int]time.Time, error) {
	held, err := lockHost(ctx)
	if err != nil {
		return nil, err
	}
	defer held.Release()
	if err := prepare(ctx, c, found); err != nil {
		return nil, err
	}
	running, started := node.Find(*c), map[int]time.Time{}
	for i := range c.Nodes {
		pid, runs := running[i]
		if !runs {
			started[i] = time.Now()
			if pid, err = startNode(ctx, *c, i); err != nil {
				return nil, err
			}
			log("node %d started as process %d", i, pid)
		}
		if err := hostnet.Join(ctx, *c, i, pid, !runs); err != nil {
			return nil, err
		}
	}
	return started, hostnet.Routes(ctx, *c)
}

// startNode clears what the node's last life left and starts it.
func startNode(ctx context.Context, c layout.Cluster, i int) (int, error) {
	groups, err := cgroup.Find()
	if err != nil {
		return 0, err
	}
	if err := groups.Remove(ctx, c.NodeCgroup(i)); err != nil {
		return 0, err
	}
	return node.Start(c, i)
}

// prepare makes everything that the nodes need before they start.
func prepare(ctx context.Context, c *layout.Cluster, found bool) error {
	if !found {
		taken, err := layout.TakenSlots(c.Root)
		if err != nil {
			return err
		}
		routes, err := hostnet.Used(ctx)
		if err != nil {
			return err
		}
		if c.Slot, err = layout.PickSlot(taken, routes); err != nil {
			return err
		}
	}
	loadModules(ctx)
	for _, step := range []func() error{
		c.Save,
		func() error { return hoststate.Save(layout.HostDir, layout.Private()) },
		func() error { return installProgram(*c) },
		func() error { return pki.Ensure(*c) },
		func() error { return config.Write(*c) },
		func() error { return volumes.Mount(ctx, *c) },
		func() error { return hostnet.Bridge(ctx, *c) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// loadModules asks for kernel modules. Many kernels have them built in, so only
// what fails for want of one is an error.
func loadModules(ctx context.Context) {
	for _, module := range []string{"br_netfilter", "btrfs", "loop", "nf_conntrack", "nf_tables", "overlay", "veth"} {
		_ = shell.Run(ctx, "modprobe", "-q", module)
	}
}

// installProgram copies this program to where the nodes run it from: the
// original may be a temporary file of "go run".
func installProgram(c layout.Cluster) error {
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(c.Program()); err == nil && bytes.Equal(old, self) {
		return nil
	}
	return layout.WriteFile(c.Program(), self, 0o755)
}

// applyObjects creates the cluster's first objects, or puts them right.
func applyObjects(ctx context.Context, c layout.Cluster) error {
	objects, err := config.Objects(c)
	if err != nil {
		return err
	}
	kubectl := filepath.Join(c.Kube, "kubectl")
	_, err = shell.Output(ctx, bytes.NewReader(objects), kubectl, "--kubeconfig", c.Kubeconfig(), "apply", "-f", "-")
	return err
}
