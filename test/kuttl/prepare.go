package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/internal/command"
	"github.com/dittofs/dittofs-operator/test/internal/dittofs"
)

// prepare makes or finds everything that the suites need, and fails when something is missing.
func (r *runner) prepare(ctx context.Context) error {
	if _, err := os.Stat(folder); err != nil {
		return fmt.Errorf("%w (start this in the repository's top folder)", err)
	}
	for _, name := range []string{"KUBECONFIG", "DITTOFS_IMAGE", "DITTOFS_IMAGE_NEXT"} {
		if os.Getenv(name) == "" {
			return fmt.Errorf("%s is not set; `make e2e-suites` sets it", name)
		}
	}
	work, err := filepath.Abs(r.work)
	if err != nil {
		return err
	}
	r.work = work
	if _, err := command.Output(ctx, "kubectl", "-n", "dittofs-system", "rollout", "status", "deployment/dittofs-operator", "--timeout=60s"); err != nil {
		return fmt.Errorf("the operator does not run: %w", err)
	}
	if r.kuttl, err = command.Output(ctx, "go", "run", "./test/cluster", "assets", "--kuttl"); err != nil {
		return err
	}
	build := func() error {
		return command.Stream(ctx, "go", "build", "-o", filepath.Join(r.work, "bin")+"/", "./"+folder+"/dfs-test")
	}
	return errors.Join(os.MkdirAll(r.work, 0o755), dittofs.EnsureNFSClient(ctx), build(), r.known())
}

// known fails when the one suite that is asked for does not exist.
func (r *runner) known() error {
	if r.suite == "" {
		return nil
	}
	found, err := filepath.Glob(filepath.Join(folder, "*", r.suite, "0*"))
	if err == nil && len(found) == 0 {
		return fmt.Errorf("there is no suite %q", r.suite)
	}
	return err
}
