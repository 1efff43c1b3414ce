package cgroup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Remove removes the group at path and all below it from every hierarchy. Ended
// processes may keep a group busy for a moment, so it tries for 10 s.
func (t Tree) Remove(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		var problems []error
		for _, root := range t.Roots {
			problems = append(problems, removeAll(filepath.Join(root, path)))
		}
		err := errors.Join(problems...)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("remove control group %s: %w", path, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// removeAll removes a group's folders, the innermost first.
func removeAll(group string) error {
	var folders []string
	err := filepath.WalkDir(group, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil // gone while we looked
		}
		if err == nil && entry.IsDir() {
			folders = append(folders, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, folder := range slices.Backward(folders) {
		if err := os.Remove(folder); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
