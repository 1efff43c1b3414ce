package btrfs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A Pool is a mounted btrfs file system that holds volumes.
type Pool struct {
	Root string
	// Run executes the btrfs program with these arguments; nil for the real one.
	Run func(ctx context.Context, args ...string) error
}

// Create makes the named volume with a limit in bytes and returns its path. A
// volume that is already there gets that limit.
func (p *Pool) Create(ctx context.Context, name string, limit int64) (string, error) {
	path, err := p.path(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := p.run(ctx, "subvolume", "create", path); err != nil {
			return "", fmt.Errorf("create volume %s: %w", name, err)
		}
	}
	return path, p.Limit(ctx, name, limit)
}

// Limit sets the volume's size in bytes, also while it is in use.
func (p *Pool) Limit(ctx context.Context, name string, limit int64) error {
	path, err := p.path(name)
	if err != nil {
		return err
	}
	if err := p.run(ctx, "qgroup", "limit", strconv.FormatInt(limit, 10), path); err != nil {
		return fmt.Errorf("limit volume %s to %d bytes: %w", name, limit, err)
	}
	return nil
}

// Delete removes the volume and all it holds. One that is gone is no error.
func (p *Pool) Delete(ctx context.Context, name string) error {
	path, err := p.path(name)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err := p.run(ctx, "subvolume", "delete", "--commit-after", path); err != nil {
		return fmt.Errorf("delete volume %s: %w", name, err)
	}
	return nil
}

// path refuses names that would lead out of the pool.
func (p *Pool) path(name string) (string, error) {
	if name == "" || strings.Contains(name, "/") || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("%q is no volume name", name)
	}
	return filepath.Join(p.Root, name), nil
}

func (p *Pool) run(ctx context.Context, args ...string) error {
	if p.Run != nil {
		return p.Run(ctx, args...)
	}
	out, err := exec.CommandContext(ctx, "btrfs", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("btrfs %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
