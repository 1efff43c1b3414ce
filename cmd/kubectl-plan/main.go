// Command kubectl-plan shows what the plan engine does to an instance, and works
// with operator packages. As a file on the PATH it is "kubectl plan".
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"context"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cmd := newRoot()
	if err := cmd.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
