package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"
)

// version is set at build time.
var version = "dev"

// flags are what the command line says.
type flags struct {
	namespaces      []string
	packages        []string
	systemNamespace string
	metricsAddress  string
	probeAddress    string
	logLevel        string
	leaderElect     bool
	concurrency     int
}

func newCommand(ctx context.Context) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:           "manager",
		Short:         "Run the DittoFS operator",
		Version:       version,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(*cobra.Command, []string) error {
			if f.systemNamespace == "" {
				return errors.New("--system-namespace is not set, and neither is POD_NAMESPACE: name the namespace in which the operator keeps its packages and its lease")
			}
			return run(ctx, f)
		},
	}
	p := cmd.Flags()
	p.StringSliceVar(&f.namespaces, "namespaces", nil, "namespaces to serve; none means all")
	p.StringSliceVar(&f.packages, "package", nil, "folders with further operator packages, for development")
	p.StringVar(&f.systemNamespace, "system-namespace", os.Getenv("POD_NAMESPACE"), "namespace for packages and the lease; the Pod's own by default")
	p.StringVar(&f.metricsAddress, "metrics-bind-address", ":8443", "address of the metrics endpoint (HTTPS, authenticated); 0 switches it off")
	p.StringVar(&f.probeAddress, "health-probe-bind-address", ":8081", "address of the health probes; 0 switches them off")
	p.StringVar(&f.logLevel, "log-level", "info", "debug, info or error")
	p.BoolVar(&f.leaderElect, "leader-elect", true, "let one of several managers work at a time")
	p.IntVar(&f.concurrency, "concurrency", 0, "instances of one kind that are looked at at once; 0 means 16")
	return cmd
}
