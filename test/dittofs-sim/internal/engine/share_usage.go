package engine

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"time"
)

func (s *Share) wrote(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.evicted = false
	if s.remote != "" {
		s.dirty += n
	}
}

// Evict makes the numbers of the share look as after an eviction; nothing is
// removed.
func (s *Share) Evict() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noBuffer, s.evicted = true, true
}

// Warm makes the local content count again.
func (s *Share) Warm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.evicted = false
}

// Evicted tells what an eviction left: no read buffer, no local content.
func (s *Share) Evicted() (noBuffer, evicted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.noBuffer, s.evicted
}

// Dirty tells how many bytes wait for the upload.
func (s *Share) Dirty() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dirty
}

// reserve fails with an I/O error when a local-only share is full, after the
// back-pressure wait of the configuration.
func (e *Engine) reserve(s *Share, n int64) error {
	switch e.Faults.Get().NFSWriteFail {
	case "io":
		return syscall.EIO
	case "nospc":
		return syscall.ENOSPC
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.LocalMax > 0 && s.remote == "" && s.used+n >= s.LocalMax {
		s.mu.Unlock()
		time.Sleep(e.Config.Duration("blockstore.local.backpressure_max_wait"))
		s.mu.Lock()
		return syscall.EIO
	}
	s.used += n
	return nil
}

// Used is the number of bytes that the files of the share hold.
func (e *Engine) Used(name string) int64 {
	s := e.Share(name)
	if s == nil {
		return 0
	}
	return treeSize(s.export.Load().Dir)
}

// treeSize counts no file that is gone before it is looked at.
func treeSize(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			total += fileSize(d)
		}
		return nil
	})
	return total
}

func fileSize(d fs.DirEntry) int64 {
	info, err := d.Info()
	if err != nil {
		return 0
	}
	return info.Size()
}
