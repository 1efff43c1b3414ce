package lock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// A Lock is held until Release or until the process ends.
type Lock struct{ file *os.File }

// Acquire waits until it holds the lock at path, creating the file and its
// folder when they are missing. waiting is called once if another process holds
// it. The error is ctx's when ctx ends first.
func Acquire(ctx context.Context, path string, waiting func()) (*Lock, error) {
	for told := false; ; {
		lock, err := try(path)
		if lock != nil || err != nil {
			return lock, err
		}
		if !told {
			waiting()
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for lock %s: %w", path, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// try returns nil without an error when the lock is held by somebody else.
func try(path string) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // somebody has just removed the folder
	}
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil && isCurrent(file, path) {
		return &Lock{file}, nil
	}
	file.Close()
	if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return nil, nil
}

// isCurrent says whether path still names the locked file: its last holder may
// have removed it between our open and our lock.
func isCurrent(file *os.File, path string) bool {
	held, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(held, named)
}

// Release frees the lock. The file stays.
func (l *Lock) Release() { l.file.Close() }

// Remove frees the lock and removes its file.
func (l *Lock) Remove() {
	os.Remove(l.file.Name())
	l.file.Close()
}
