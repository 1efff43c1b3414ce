package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// A command is one word of the command line.
type command struct {
	name, args, help string
	run              func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"up", "[--nodes N] [--images FOLDER]", "start the cluster, or what of it is missing", up},
		{"down", "[--keep]", "stop the cluster and remove what it made (--keep: not its data)", down},
		{"status", "", "say what runs", status},
		{"kubeconfig", "[--path]", "print the kubeconfig, or where it is", kubeconfig},
		{"load", "FILE.tar...", "import images into every node", load},
		{"exec", "[--node N] [--] COMMAND...", "run a command inside a node", execute},
		{"build", "[--kuttl] [--lint] [--envtest]", "build what a cluster needs; with flags, only that", buildAll},
		{"assets", "[--kuttl] [--lint]", "build, and print the folder for KUBEBUILDER_ASSETS (or the tool's path)", assets},
		{"node-init", "", "(internal) be process 1 of a node", nodeInit},
		{"node-run", "", "(internal) run a node's daemons", nodeRun},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if len(os.Args) < 2 {
		usage()
		os.Exit(2)
	}
	for _, c := range commands() {
		if c.name == os.Args[1] {
			os.Exit(exitCode(c.run(ctx, os.Args[2:])))
		}
	}
	usage()
	os.Exit(2)
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: cluster COMMAND [--name NAME] [flags]")
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  %-11s %-32s %s\n", c.name, c.args, c.help)
	}
}

func exitCode(err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	default:
		fmt.Fprintln(os.Stderr, "cluster:", err)
		return 1
	}
}

// logger prints lines with the seconds since start in front.
func logger() func(format string, args ...any) {
	start := time.Now()
	return func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%6.1fs  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
	}
}
