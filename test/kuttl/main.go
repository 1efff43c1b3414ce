package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	r := &runner{}
	flag.StringVar(&r.suite, "run", "", "name of the one suite to run")
	flag.IntVar(&r.parallel, "parallel", 4, "how many suites run at a time")
	flag.StringVar(&r.work, "work", "dist/kuttl", "folder for logs and programs")
	flag.Parse()
	if err := r.all(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "kuttl:", err)
		os.Exit(1)
	}
}

// all runs every group of suites, also after one has failed.
func (r *runner) all(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	var waiting, working, alone outcome
	var both sync.WaitGroup
	both.Go(func() { waiting = r.group(ctx, group{"patient", 8}) })
	both.Go(func() { working = r.group(ctx, group{"together", r.parallel}) })
	both.Wait()
	alone = r.group(ctx, group{"alone", 1})
	total := waiting.add(working).add(alone)
	fmt.Printf("%d passed, %d failed\n", total.passed, total.failed)
	if total.err != nil || total.failed > 0 || total.passed == 0 {
		return errors.Join(total.err, fmt.Errorf("not all is well; the whole log is in %s", r.work))
	}
	return nil
}
