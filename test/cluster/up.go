package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/node"
)

// up is the command up. It makes what is missing and leaves alone what is
// there, so it starts a cluster, repairs one, or does nothing.
func up(ctx context.Context, args []string) error {
	flags, target := targetFlags("up")
	nodes := flags.Int("nodes", envInt("NODES", 1), "how many nodes at least; also $NODES")
	images := flags.String("images", "", "folder with image tarballs (*.tar) for every node")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *nodes < 1 || *nodes > layout.MaxNodes {
		return fmt.Errorf("a cluster has 1 to %d nodes", layout.MaxNodes)
	}
	log := logger()
	made, err := ingredients(ctx, *images, log)
	if err != nil {
		return err
	}
	c, found, held, err := target.lock(ctx, log)
	if err != nil {
		return err
	}
	defer held.Release()
	if !found {
		err = clearRemains(ctx, c)
	}
	if err != nil {
		return fmt.Errorf("remove what an earlier cluster %s left: %w", c.Name, err)
	}
	c.Nodes, c.Kube, c.Addons, c.Images = max(c.Nodes, *nodes), made.Kube, made.Addons, made.Images
	started, err := start(ctx, c, found, log)
	if err != nil {
		return err
	}
	return loadImages(ctx, c, *images, started)
}

// clearRemains removes what is there of a cluster whose record is lost: it may have
// other addresses than the one that comes.
func clearRemains(ctx context.Context, c layout.Cluster) error {
	return errors.Join(stop(ctx, c, false), purge(c))
}

// loadImages imports the folder's images into the nodes that ran before: those
// that have just started have them.
func loadImages(ctx context.Context, c layout.Cluster, folder string, started map[int]time.Time) error {
	files, err := tarballs(folder)
	if err != nil {
		return err
	}
	running := node.Find(c)
	for i := range started {
		delete(running, i)
	}
	return importAll(ctx, c, running, files)
}

// envInt is a number from the environment, or the default.
func envInt(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}
