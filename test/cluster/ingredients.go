package main

import (
	"context"
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/debian"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// ingredients installs and builds what a cluster runs, if need be. Only Kube,
// Addons and Images of the result mean something.
func ingredients(ctx context.Context, images string, log func(string, ...any)) (made layout.Cluster, err error) {
	if err := needRoot(); err != nil {
		return made, err
	}
	if err := debian.Ensure(ctx, log); err != nil {
		return made, err
	}
	b, err := newBuilder(log)
	if err != nil {
		return made, err
	}
	if made.Kube, err = b.Kube(ctx); err != nil {
		return made, err
	}
	if made.Addons, err = b.Addons(ctx); err != nil {
		return made, err
	}
	built, err := b.Images(ctx)
	if err != nil {
		return made, err
	}
	made.Images, err = tarballs(built, images)
	return made, err
}

// tarballs lists the image files in the folders that are named.
func tarballs(folders ...string) ([]string, error) {
	var all []string
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		folder, err := filepath.Abs(folder)
		if err != nil {
			return nil, err
		}
		found, err := filepath.Glob(filepath.Join(folder, "*.tar"))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
