package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := newRoot().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "dfs-test:", err)
		os.Exit(1)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{Use: "dfs-test", SilenceUsage: true, SilenceErrors: true}
	var n namespace
	root.PersistentFlags().StringVarP((*string)(&n), "namespace", "n", os.Getenv("NAMESPACE"), "namespace of the objects")
	verb := func(use string, args cobra.PositionalArgs, run func(context.Context, []string) error) *cobra.Command {
		c := &cobra.Command{Use: use, Args: args, RunE: func(c *cobra.Command, args []string) error {
			if n == "" {
				return fmt.Errorf("no namespace: set NAMESPACE or -n")
			}
			return run(c.Context(), args)
		}}
		root.AddCommand(c)
		return c
	}
	verb("apply FILE", cobra.ExactArgs(1), func(ctx context.Context, args []string) error { return n.apply(ctx, args[0]) })
	verb("share NAME", cobra.ExactArgs(1), func(ctx context.Context, args []string) error { return n.share(ctx, args[0]) })
	verb("write NAME FILE", cobra.ExactArgs(2), func(ctx context.Context, args []string) error { return n.write(ctx, args[0], args[1]) })
	var address string
	verb("read NAME FILE", cobra.ExactArgs(2), func(ctx context.Context, args []string) error {
		return n.read(ctx, args[0], args[1], address)
	}).Flags().StringVar(&address, "address", "", "host:port to read from, instead of the Service's")
	verb("remember OBJECT...", cobra.MinimumNArgs(1), func(ctx context.Context, args []string) error { return n.remember(ctx, args) })
	verb("same OBJECT...", cobra.MinimumNArgs(1), func(ctx context.Context, args []string) error { return n.same(ctx, args) })
	verb("other OBJECT...", cobra.MinimumNArgs(1), func(ctx context.Context, args []string) error { return n.other(ctx, args) })
	var span time.Duration
	verb("settled FILE", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return n.settled(ctx, args[0], span)
	}).Flags().DurationVar(&span, "for", 20*time.Second, "how long nothing may be written")
	return root
}
