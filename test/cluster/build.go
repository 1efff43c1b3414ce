package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/build"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/debian"
)

func newBuilder(log func(string, ...any)) (*build.Builder, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	repository, err := build.FindRepository(here)
	if err != nil {
		return nil, err
	}
	cache, err := build.DefaultDir()
	if err != nil {
		return nil, err
	}
	return &build.Builder{Cache: build.Cache{Dir: cache, Log: log}, Repository: repository}, nil
}

// buildAll is the command build: everything a cluster needs, or only the named.
func buildAll(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	kuttl := flags.Bool("kuttl", false, "only kubectl-kuttl")
	lint := flags.Bool("lint", false, "only golangci-lint")
	envtest := flags.Bool("envtest", false, "only the binaries that envtest needs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	log := logger()
	b, err := newBuilder(log)
	if err != nil {
		return err
	}
	if !*kuttl && !*lint && !*envtest {
		if err := debian.Ensure(ctx, log); err != nil {
			return err
		}
	}
	for _, artefact := range []struct {
		wanted bool
		make   func(context.Context) (string, error)
	}{
		{*envtest || !*kuttl && !*lint, b.Kube},
		{!*envtest && !*kuttl && !*lint, b.Images},
		{*kuttl, b.Kuttl},
		{*lint, b.Lint},
	} {
		if !artefact.wanted {
			continue
		}
		dir, err := artefact.make(ctx)
		if err != nil {
			return err
		}
		log("ready: %s", dir)
	}
	return nil
}

// assets is the command assets: it prints one path on the standard output.
func assets(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("assets", flag.ContinueOnError)
	kuttl := flags.Bool("kuttl", false, "print the path of kubectl-kuttl instead")
	lint := flags.Bool("lint", false, "print the path of golangci-lint instead")
	if err := flags.Parse(args); err != nil {
		return err
	}
	b, err := newBuilder(logger())
	if err != nil {
		return err
	}
	artefact, file := b.Kube, ""
	switch {
	case *kuttl:
		artefact, file = b.Kuttl, "kubectl-kuttl"
	case *lint:
		artefact, file = b.Lint, "golangci-lint"
	}
	dir, err := artefact(ctx)
	if err != nil {
		return err
	}
	fmt.Println(filepath.Join(dir, file))
	return nil
}
