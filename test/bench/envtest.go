package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	operatorpackage "github.com/dittofs/dittofs-operator/operator-package"
	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/chain"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
)

// onEnvtest measures on an API server alone.
func onEnvtest(ctx context.Context, o options, s *report.Section) (err error) {
	b, err := bed.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Stop()) }()
	if err := errors.Join(b.Install(operatorpackage.FS()), b.Install(chain.Package())); err != nil {
		return err
	}
	for _, stage := range []struct {
		name string
		run  func(context.Context, options, *bed.Bed, *report.Section) error
	}{
		{"the manager with no, 100 and 300 instances", many},
		{"plans against the lower bound", walks},
		{"inner loops", micro},
		{"sizes", sizes},
	} {
		begun := time.Now()
		if err := stage.run(ctx, o, b, s); err != nil {
			return fmt.Errorf("measure %s: %w", stage.name, err)
		}
		fmt.Fprintf(os.Stderr, "%5.1f s  %s\n", time.Since(begun).Seconds(), stage.name)
	}
	return nil
}
