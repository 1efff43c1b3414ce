package controller

import (
	"fmt"
	"io/fs"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/packages"
)

// Package is a loaded and verified package version, with the archive that outlives this binary.
type Package struct {
	model   *api.Package
	archive []byte
}

// LoadPackages loads packages, each rooted at its operator.yaml. The error lists all problems.
func LoadPackages(sources ...fs.FS) ([]Package, error) {
	var pkgs []Package
	for _, files := range sources {
		p, problems := packages.Load(files)
		if err := problems.Err(); err != nil {
			return nil, fmt.Errorf("load package: %w", err)
		}
		archive, _, err := packages.Archive(files)
		if err != nil {
			return nil, fmt.Errorf("archive package %s: %w", p.Name, err)
		}
		pkgs = append(pkgs, Package{model: p, archive: archive})
	}
	return pkgs, nil
}
