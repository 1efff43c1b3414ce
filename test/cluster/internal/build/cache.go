package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/lock"
)

// A Cache keeps artefacts below Dir and says on Log what it builds.
type Cache struct {
	Dir string
	Log func(format string, args ...any)
}

// DefaultDir is the project's part of the user's cache folder.
func DefaultDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: %w", err)
	}
	return filepath.Join(dir, "dittofs-operator"), nil
}

// Path is where the artefact is, or would be.
func (c *Cache) Path(name, key string) string {
	return filepath.Join(c.Dir, name+"-"+key)
}

// Ensure returns the artefact's folder, and calls fill with an empty one when it
// is not there yet. A fill that fails or is interrupted leaves no artefact.
func (c *Cache) Ensure(ctx context.Context, name, key string, fill func(dir string) error) (string, error) {
	path := c.Path(name, key)
	if exists(path) {
		return path, nil
	}
	held, err := lock.Acquire(ctx, filepath.Join(c.Dir, name+".lock"), func() {
		c.Log("%s: another process is building it, waiting", name)
	})
	if err != nil {
		return "", err
	}
	defer held.Release()
	if exists(path) {
		return path, nil
	}
	return path, c.fill(name, path, fill)
}

// fill makes path from a folder beside it. The caller holds the lock, so a
// folder that is already there is what an interrupted builder left.
func (c *Cache) fill(name, path string, fill func(dir string) error) error {
	part := filepath.Join(c.Dir, name+".part")
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	if err := os.MkdirAll(part, 0o755); err != nil {
		return err
	}
	start := time.Now()
	if err := fill(part); err != nil {
		os.RemoveAll(part)
		return fmt.Errorf("build %s: %w", name, err)
	}
	c.Log("%s: built in %.0f s", name, time.Since(start).Seconds())
	return os.Rename(part, path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
