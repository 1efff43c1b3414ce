package lock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSecondHolderWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "x.lock")
	first, err := Acquire(t.Context(), path, func() { t.Error("the first holder waited") })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	waited := 0
	if _, err = Acquire(ctx, path, func() { waited++ }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v, want the deadline", err)
	}
	if waited != 1 {
		t.Errorf("told %d times that it waits, want once", waited)
	}
	first.Release()
	second, err := Acquire(t.Context(), path, func() {})
	if err != nil {
		t.Fatal(err)
	}
	second.Release()
}

func TestRemovedFileIsNoLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.lock")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if !isCurrent(file, path) {
		t.Error("a fresh file is not current")
	}
	os.Remove(path)
	if isCurrent(file, path) {
		t.Error("a removed file is still current")
	}
}
