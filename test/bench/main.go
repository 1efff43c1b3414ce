// Command bench measures the engine: against the shortest program that makes the same objects, in
// calls to the API server, in memory, and in its inner loops. It prints a table and keeps the
// numbers in a file.
//
//	make bench                        # an API server alone; a few minutes
//	go run ./test/bench -cluster      # the cluster of KUBECONFIG, with the operator installed
//
// On the API server alone a fixture, in a process of its own, reports workloads healthy, so that
// nothing but the engine and the API server takes time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
)

// options are what the command line says.
type options struct {
	output, manager, image, profile, namespace string
	cluster, check                             bool
	runs                                       int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if len(os.Args) == 3 && os.Args[1] == bed.KubeletArgument {
		end(bed.Play(ctx, os.Args[2], os.Stdin, os.Stdout))
		return
	}
	o := options{}
	flag.StringVar(&o.output, "o", "", "file to keep the results in; its other section stays")
	flag.StringVar(&o.manager, "manager", "dist/manager", "the manager's program")
	flag.StringVar(&o.image, "image", "dist/manager.tar", "the manager's image")
	flag.StringVar(&o.profile, "profile", "", "file for a CPU profile of the engine while it walks plans")
	flag.StringVar(&o.namespace, "namespace", "bench", "namespace of the DittoFS, with -cluster")
	flag.BoolVar(&o.cluster, "cluster", false, "measure the cluster of KUBECONFIG instead")
	flag.BoolVar(&o.check, "check", false, "fail when a ratio or a count misses its aim")
	flag.IntVar(&o.runs, "runs", 10, "runs of each plan")
	flag.Parse()
	end(run(ctx, o))
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures one section, prints it and puts it into the file.
func run(ctx context.Context, o options) error {
	ctrl.SetLogger(logr.Discard())
	results, err := report.Read(o.output)
	if err != nil {
		return err
	}
	section := &report.Section{Machine: report.ThisMachine()}
	if o.cluster {
		results.Cluster, err = section, onCluster(ctx, o, section)
	} else {
		results.Envtest, err = section, onEnvtest(ctx, o, section)
	}
	if err != nil {
		return err
	}
	if err := section.Table(os.Stdout); err != nil {
		return err
	}
	if o.output != "" {
		if err := results.Write(o.output); err != nil {
			return err
		}
	}
	if missed := report.Missed(section.Ratios); o.check && len(missed) > 0 {
		return errors.New("these miss their aim: " + strings.Join(missed, "; "))
	}
	return nil
}
