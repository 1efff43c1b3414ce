package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/schema"
	operatorpackage "github.com/dittofs/dittofs-operator/operator-package"
	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
)

// sizes is M13: what is to be downloaded and stored.
func sizes(_ context.Context, o options, _ *bed.Bed, s *report.Section) error {
	whole, packed, err := image(o.image)
	if err != nil {
		return fmt.Errorf("weigh the image: %w (\"make image\" writes it)", err)
	}
	s.Ratio(
		report.Value("M13", "manager's image, as registries keep it (gzip)", packed, "MiB").AtMost(40),
		report.Value("M13", "manager's image, unpacked", whole, "MiB"),
	)
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

// image returns the size of an image's file and of the same compressed, in MiB.
func image(path string) (whole, packed float64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	var size counter
	z := gzip.NewWriter(&size)
	n, err := io.Copy(z, f)
	if err != nil {
		return 0, 0, err
	}
	err = z.Close()
	return float64(n) / (1 << 20), float64(size) / (1 << 20), err
}

// counter counts what is written to it.
type counter int64

// Write counts.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
