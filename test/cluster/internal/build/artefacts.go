package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// A Builder makes the artefacts from the sources in Repository.
type Builder struct {
	Cache
	Repository string
}

// Binaries of the kube artefact; all but the first are symlinks to it.
var kubeNames = []string{
	"kube", "etcd", "kube-apiserver", "kube-controller-manager",
	"kube-scheduler", "kubelet", "kube-proxy", "kubectl",
}

// Kube returns the folder with etcd, the Kubernetes daemons and kubectl. It is
// also what envtest wants as KUBEBUILDER_ASSETS.
func (b *Builder) Kube(ctx context.Context) (string, error) {
	module := filepath.Join(b.Repository, "test/cluster/kube")
	mod, err := os.ReadFile(filepath.Join(module, "go.mod"))
	if err != nil {
		return "", err
	}
	flags, err := versionFlags(string(mod))
	if err != nil {
		return "", err
	}
	return b.compile(ctx, compile{
		name: "kube", module: module, pkg: ".", toolchain: "local", ldflags: flags, binary: kubeNames[0],
	}, kubeNames[1:]...)
}

// Addons returns the folder with the binary that is CoreDNS and the volume
// provisioner.
func (b *Builder) Addons(ctx context.Context) (string, error) {
	return b.compile(ctx, compile{
		name: "addons", module: filepath.Join(b.Repository, "test/cluster/addons"), pkg: ".", toolchain: "local", binary: "addons",
	})
}

// Kuttl returns the folder with kubectl-kuttl.
func (b *Builder) Kuttl(ctx context.Context) (string, error) {
	return b.compile(ctx, compile{
		name: "kuttl", module: filepath.Join(b.Repository, "test/cluster/kuttl"),
		pkg: "github.com/kudobuilder/kuttl/cmd/kubectl-kuttl", toolchain: "go1.25.5", binary: "kubectl-kuttl",
	})
}

// Lint returns the folder with golangci-lint.
func (b *Builder) Lint(ctx context.Context) (string, error) {
	return b.compile(ctx, compile{
		name: "lint", module: filepath.Join(b.Repository, "test/tools/lint"),
		pkg: "github.com/golangci/golangci-lint/v2/cmd/golangci-lint", toolchain: "local", binary: "golangci-lint",
	})
}

// imageTool returns the path of the program that writes image tarballs.
func (b *Builder) imageTool(ctx context.Context) (string, error) {
	dir, err := b.compile(ctx, compile{
		name: "image", module: filepath.Join(b.Repository, "test/tools"), pkg: "./image", toolchain: "local", binary: "image",
	})
	return filepath.Join(dir, "image"), err
}

// pause returns the path of the Pods' pause process.
func (b *Builder) pause(ctx context.Context) (string, error) {
	dir, err := b.compile(ctx, compile{
		name: "pause", module: filepath.Join(b.Repository, "test/cluster/pause"), pkg: ".", toolchain: "local", binary: "pause",
	})
	return filepath.Join(dir, "pause"), err
}

func (b *Builder) compile(ctx context.Context, c compile, links ...string) (string, error) {
	key, err := Key(c.decides(), c.module)
	if err != nil {
		return "", err
	}
	return b.Ensure(ctx, c.name, key, func(dir string) error {
		b.Log("%s: compiling", c.name)
		if err := c.build(ctx, dir, b.Log); err != nil {
			return err
		}
		for _, link := range links {
			if err := os.Symlink(c.binary, filepath.Join(dir, link)); err != nil {
				return fmt.Errorf("link %s: %w", link, err)
			}
		}
		return nil
	})
}
