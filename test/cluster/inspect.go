package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/api"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/node"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
)

// status is the command status: it fails unless the cluster works.
func status(ctx context.Context, args []string) error {
	flags, target := targetFlags("status")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := target.existing()
	if err != nil {
		return err
	}
	running := node.Find(c)
	for i := range c.Nodes {
		state := "not running"
		if pid, runs := running[i]; runs {
			state = fmt.Sprintf("process %d, %s", pid, c.NodeIP(i))
		}
		fmt.Printf("%-12s %s\n", c.NodeName(i), state)
	}
	fmt.Printf("%-12s %s\n%-12s %s\n%-12s %s\n%-12s %s\n", "server", c.Server(), "kubeconfig", c.Kubeconfig(),
		"audit log", c.AuditLog(), "binaries", c.Kube)
	if len(running) < c.Nodes {
		return errors.New("not all nodes run")
	}
	client, err := api.New(c)
	if err != nil {
		return err
	}
	return errors.Join(client.Ready(ctx), client.NodesReady(ctx, nil), client.DNSAnswers(ctx))
}

// kubeconfig is the command kubeconfig.
func kubeconfig(_ context.Context, args []string) error {
	flags, target := targetFlags("kubeconfig")
	path := flags.Bool("path", false, "print the file's path instead of its content")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := target.existing()
	if err != nil {
		return err
	}
	if *path {
		fmt.Println(c.Kubeconfig())
		return nil
	}
	content, err := os.ReadFile(c.Kubeconfig())
	os.Stdout.Write(content)
	return err
}

// load is the command load.
func load(ctx context.Context, args []string) error {
	flags, target := targetFlags("load")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := target.existing()
	if err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("name the tarballs to load")
	}
	running := node.Find(c)
	if len(running) == 0 {
		return fmt.Errorf("cluster %s does not run", c.Name)
	}
	return importAll(ctx, c, running, flags.Args())
}

// importAll imports image tarballs into the nodes given by their processes.
func importAll(ctx context.Context, c layout.Cluster, running map[int]int, files []string) error {
	for i, pid := range running {
		for _, file := range files {
			if err := importInto(ctx, pid, file); err != nil {
				return fmt.Errorf("load %s into node %d: %w", file, i, err)
			}
			fmt.Fprintf(os.Stderr, "%s: loaded %s\n", c.NodeName(i), file)
		}
	}
	return nil
}

// importInto hands the tarball over as a stream, because the node may not see
// the path.
func importInto(ctx context.Context, pid int, tarball string) error {
	file, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer file.Close()
	words := enter(pid, "ctr", "--namespace", "k8s.io", "images", "import", "-")
	_, err = shell.Output(ctx, file, words[0], words[1:]...)
	return err
}

// enter is the command line that runs another one inside a node.
func enter(pid int, words ...string) []string {
	return append([]string{
		"nsenter", "--target", strconv.Itoa(pid), "--mount", "--net", "--uts", "--ipc", "--pid", "--",
	}, words...)
}

// execute is the command exec; the command it runs takes its place.
func execute(_ context.Context, args []string) error {
	flags, target := targetFlags("exec")
	at := flags.Int("node", 0, "which node")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := target.existing()
	if err != nil {
		return err
	}
	pid, runs := node.Find(c)[*at]
	if !runs {
		return fmt.Errorf("node %d of cluster %s does not run", *at, c.Name)
	}
	nsenter, err := exec.LookPath("nsenter")
	if err != nil {
		return err
	}
	words := flags.Args()
	if len(words) == 0 {
		words = []string{"bash"}
	}
	environment := slices.Concat(os.Environ(), []string{"KUBECONFIG=" + c.Kubeconfig()})
	return syscall.Exec(nsenter, enter(pid, words...), environment)
}

// nodeInit and nodeRun are what a node's two processes are.
func nodeInit(ctx context.Context, args []string) error { return beNode(ctx, args, node.Init) }
func nodeRun(ctx context.Context, args []string) error  { return beNode(ctx, args, node.Run) }

func beNode(ctx context.Context, args []string, be func(context.Context, layout.Cluster, int) error) error {
	c, i, err := node.Args(args)
	if err != nil {
		return err
	}
	return be(ctx, c, i)
}
