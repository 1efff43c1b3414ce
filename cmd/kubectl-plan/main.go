// Command kubectl-plan shows what the plan engine does to an instance, and works
// with operator packages. As a file on the PATH it is "kubectl plan".
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What the client library cannot do it also says in errors, and those are for people.
	utilruntime.ErrorHandlers = nil
	cmd := newRoot()
	if err := cmd.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
