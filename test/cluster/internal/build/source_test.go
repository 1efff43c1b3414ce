package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindRepository(t *testing.T) {
	root := t.TempDir()
	inner := filepath.Join(root, "test", "cluster", "kube")
	write(t, root, "go.mod", moduleLine+"\ngo 1.26.0\n")
	write(t, inner, "go.mod", "module github.com/dittofs/dittofs-operator/test/cluster/kube\n")
	if got, err := FindRepository(inner); got != root || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := FindRepository(os.TempDir()); err == nil {
		t.Error("found a repository in the temp folder")
	}
}

func TestVersionFlags(t *testing.T) {
	flags, err := versionFlags("require (\n\tk8s.io/kubectl v0.0.0\n\tk8s.io/kubernetes v1.37.2\n)")
	if err != nil || !strings.Contains(flags, "-X k8s.io/component-base/version.gitVersion=v1.37.2 ") ||
		!strings.Contains(flags, "-X k8s.io/client-go/pkg/version.gitMinor=37 ") {
		t.Errorf("got %q, %v", flags, err)
	}
	if _, err := versionFlags("module x"); err == nil {
		t.Error("no version, no error")
	}
}
