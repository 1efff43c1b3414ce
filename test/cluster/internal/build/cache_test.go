package build

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func testCache(t *testing.T) *Cache {
	return &Cache{Dir: t.TempDir(), Log: t.Logf}
}

func TestBuiltOnce(t *testing.T) {
	cache := testCache(t)
	var built atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			dir, err := cache.Ensure(t.Context(), "x", "k1", func(dir string) error {
				built.Add(1)
				return os.WriteFile(filepath.Join(dir, "bin"), nil, 0o755)
			})
			if err != nil || !exists(filepath.Join(dir, "bin")) {
				t.Errorf("dir %s, err %v", dir, err)
			}
		})
	}
	all.Wait()
	if built.Load() != 1 {
		t.Errorf("built %d times", built.Load())
	}
}

func TestFailedBuildLeavesNothing(t *testing.T) {
	cache, broken := testCache(t), errors.New("broken")
	_, err := cache.Ensure(t.Context(), "x", "k1", func(dir string) error {
		write(t, dir, "half", "")
		return broken
	})
	if !errors.Is(err, broken) || exists(cache.Path("x", "k1")) {
		t.Errorf("err %v, artefact there: %v", err, exists(cache.Path("x", "k1")))
	}
}

func TestRemainsOfAnInterruptedBuildAreNotUsed(t *testing.T) {
	cache := testCache(t)
	write(t, cache.Dir, "x.part/old", "")
	dir, err := cache.Ensure(t.Context(), "x", "k1", func(string) error { return nil })
	if err != nil || exists(filepath.Join(dir, "old")) {
		t.Errorf("err %v, old file taken over: %v", err, exists(filepath.Join(dir, "old")))
	}
}
