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

// A stage is one part of the demo, with what to look at when it fails.
type stage struct {
	name, hint string
	run        func(context.Context) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	d := &demo{}
	flag.StringVar(&d.cluster, "cluster", "dev", "name of the cluster to start, where KUBECONFIG names none")
	flag.StringVar(&d.namespace, "namespace", "demo", "namespace of the DittoFS")
	flag.StringVar(&d.sample, "sample", "config/samples/dittofs-minimal.yaml", "DittoFS to apply")
	flag.Parse()
	if err := run(ctx, d); err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// run carries out all stages and prints what each has cost.
func run(ctx context.Context, d *demo) error {
	if _, err := os.Stat(d.sample); err != nil {
		return fmt.Errorf("%w (start the demo in the repository's top folder)", err)
	}
	d.own = os.Getenv("KUBECONFIG") == ""
	stages := d.stages()
	costs := make([]time.Duration, 0, len(stages))
	for i, s := range stages {
		fmt.Printf("\n==> %d/%d %s\n", i+1, len(stages), s.name)
		start := time.Now()
		if err := s.run(ctx); err != nil {
			return explain(ctx, s, err)
		}
		costs = append(costs, time.Since(start))
	}
	d.summary(stages, costs)
	return nil
}

func explain(ctx context.Context, s stage, err error) error {
	if ctx.Err() != nil {
		return errors.New("interrupted; run it again to go on from here")
	}
	return fmt.Errorf("%s: %w\n\nwhat would help: %s", s.name, err, s.hint)
}

func (d *demo) summary(stages []stage, costs []time.Duration) {
	fmt.Println("\nIt works. What it took:")
	var total time.Duration
	for i, s := range stages {
		fmt.Printf("  %6.1f s  %s\n", costs[i].Seconds(), s.name)
		total += costs[i]
	}
	fmt.Printf("  %6.1f s  in all\n\nWhat to try next:\n", total.Seconds())
	if d.own {
		fmt.Printf("  export KUBECONFIG=%s\n", os.Getenv("KUBECONFIG"))
	}
	fmt.Printf(next, d.namespace, d.name)
	if d.own {
		fmt.Printf("  make cluster-down NAME=%s\n      when you have seen enough\n", d.cluster)
	}
}

// next is formatted with the namespace and the name of the DittoFS.
const next = `  kubectl get dfs -n %[1]s
  kubectl patch dfs %[2]s -n %[1]s --type merge -p '{"spec":{"logging":{"level":"DEBUG"}}}'
  bin/kubectl-plan status -n %[1]s dfs/%[2]s -w
      an edit starts a plan; see it move
  bin/kubectl-plan history -n %[1]s dfs/%[2]s
      what has been carried out so far
  kubectl delete dfs %[2]s -n %[1]s && go run ./test/demo
      the volume stays by default, and the next DittoFS of that name finds its files
`
