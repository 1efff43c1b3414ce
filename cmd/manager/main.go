// Command manager runs the DittoFS operator: the plan engine with the DittoFS package in it.
package main

import (
	"fmt"
	"os"

	ctrl "sigs.k8s.io/controller-runtime"
)

func main() {
	cmd := newCommand(ctrl.SetupSignalHandler())
	if err := cmd.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
