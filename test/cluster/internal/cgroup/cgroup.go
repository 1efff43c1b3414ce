package cgroup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Tree is the set of hierarchies this machine has.
type Tree struct {
	Unified bool     // version 2 alone; false for version 1 and for both at once
	Roots   []string // where the hierarchies are mounted
}

// Find looks the hierarchies up in this process's mounts.
func Find() (Tree, error) {
	mounts, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return Tree{}, err
	}
	defer mounts.Close()
	return Parse(mounts)
}

// Parse reads the hierarchies from the contents of a mountinfo file.
func Parse(mountinfo io.Reader) (Tree, error) {
	var tree Tree
	versions := map[string]bool{}
	for lines := bufio.NewScanner(mountinfo); lines.Scan(); {
		before, after, _ := strings.Cut(lines.Text(), " - ")
		fields, kind := strings.Fields(before), strings.Fields(after)
		if len(fields) < 5 || len(kind) < 1 || !strings.HasPrefix(kind[0], "cgroup") {
			continue
		}
		if root := fields[4]; !slices.Contains(tree.Roots, root) {
			tree.Roots = append(tree.Roots, root)
			versions[kind[0]] = true
		}
	}
	if len(tree.Roots) == 0 {
		return tree, errors.New("no control groups are mounted (look for cgroup in /proc/self/mountinfo)")
	}
	tree.Unified = !versions["cgroup"]
	return tree, nil
}

// Create makes the group at path, and its parents, in every hierarchy, so that
// processes can be put in and controllers work in it.
func (t Tree) Create(path string) error {
	for _, root := range t.Roots {
		at := root
		for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
			if err := enableControllers(at); err != nil {
				return err
			}
			parent := at
			at = filepath.Join(at, part)
			if err := os.Mkdir(at, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
				return fmt.Errorf("make control group: %w", err)
			}
			if err := inheritCPUs(parent, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// enableControllers hands every controller of a version 2 group on to its
// children; in version 1 there is nothing to do.
func enableControllers(group string) error {
	available, err := os.ReadFile(filepath.Join(group, "cgroup.controllers"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, controller := range strings.Fields(string(available)) {
		err := os.WriteFile(filepath.Join(group, "cgroup.subtree_control"), []byte("+"+controller), 0)
		if err != nil {
			return fmt.Errorf("enable controller %s below %s: %w", controller, group, err)
		}
	}
	return nil
}

// inheritCPUs fills in the cpuset files that a new version 1 group has empty
// and without which no process may enter it.
func inheritCPUs(parent, group string) error {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		if exists(filepath.Join(group, "cgroup.controllers")) || !exists(filepath.Join(group, name)) {
			continue
		}
		value, err := os.ReadFile(filepath.Join(parent, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(group, name), value, 0); err != nil {
			return fmt.Errorf("set %s of %s: %w", name, group, err)
		}
	}
	return nil
}

// Enter puts the calling process in the group at path.
func (t Tree) Enter(path string) error {
	for _, root := range t.Roots {
		if err := os.WriteFile(filepath.Join(root, path, "cgroup.procs"), []byte("0"), 0); err != nil {
			return fmt.Errorf("enter control group %s: %w", filepath.Join(root, path), err)
		}
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
