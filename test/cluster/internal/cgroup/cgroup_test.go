package cgroup

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	v1 = "30 25 0:26 / /sys/fs/cgroup ro - tmpfs none ro\n" +
		"31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup none rw,cpu,cpuacct\n" +
		"32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup none rw,memory\n"
	v2 = "30 25 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 none rw\n"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		mountinfo string
		unified   bool
		roots     int
	}{
		"version 1": {v1, false, 2},
		"version 2": {v2, true, 1},
		"both":      {v1 + "33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 none rw\n", false, 3},
		"twice":     {v2 + v2, true, 1},
	} {
		tree, err := Parse(strings.NewReader(c.mountinfo))
		if err != nil || tree.Unified != c.unified || len(tree.Roots) != c.roots {
			t.Errorf("%s: got %+v, %v", name, tree, err)
		}
	}
	if _, err := Parse(strings.NewReader("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n")); err == nil {
		t.Error("found control groups where there are none")
	}
}

// A plain folder stands in for a hierarchy: the package's work is with files.
func TestCreateAndRemove(t *testing.T) {
	root := t.TempDir()
	tree := Tree{Roots: []string{root}}
	if err := tree.Create("/a/b"); err != nil {
		t.Fatal(err)
	}
	if err := tree.Create("/a/b"); err != nil {
		t.Errorf("second time: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(root, "a/b/kubepods/pod1"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := tree.Remove(t.Context(), "/a"); err != nil || exists(filepath.Join(root, "a")) {
		t.Errorf("still there: %v, %v", exists(filepath.Join(root, "a")), err)
	}
	if err := tree.Remove(t.Context(), "/a"); err != nil {
		t.Errorf("removing nothing: %v", err)
	}
}

func TestControllersAreHandedOn(t *testing.T) {
	root := t.TempDir()
	if err := errors.Join(
		os.WriteFile(filepath.Join(root, "cgroup.controllers"), []byte("memory\n"), 0o644),
		os.WriteFile(filepath.Join(root, "cgroup.subtree_control"), nil, 0o644),
		(Tree{Unified: true, Roots: []string{root}}).Create("/a"),
	); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, "cgroup.subtree_control"))
	if err != nil || !slices.Equal(got, []byte("+memory")) {
		t.Errorf("subtree_control is %q, %v", got, err)
	}
}
