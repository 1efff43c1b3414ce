package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/schema"
	operatorpackage "github.com/dittofs/dittofs-operator/operator-package"
	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
)

// sizes is M13: what is to be downloaded and stored.
func sizes(_ context.Context, o options, _ *bed.Bed, s *report.Section) error {
	image, err := os.Stat(o.image)
	if err != nil {
		return fmt.Errorf("weigh the image: %w (\"make image\" writes it)", err)
	}
	s.Ratio(report.Value("M13", "manager's image", float64(image.Size())/(1<<20), "MiB").AtMost(40))
	p, problems := packages.Load(operatorpackage.FS())
	if err := problems.Err(); err != nil {
		return err
	}
	for _, k := range p.Kinds {
		crd, err := schema.CRD(p, k)
		if err != nil {
			return err
		}
		data, err := json.Marshal(crd)
		if err != nil {
			return fmt.Errorf("weigh the CRD: %w", err)
		}
		s.Ratio(report.Value("M13", "CRD of "+k.Names.Kind, float64(len(data))/1024, "KiB").AtMost(100))
	}
	return nil
}
