package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/nfsd"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// Share is a loaded share.
type Share struct {
	Name      string
	LocalMax  int64 // local_store_size when the share was loaded
	BufferMax int64
	Fs        bool // the local store is on disk
	base      string
	export    atomic.Pointer[nfsd.Export]
	meta      *metaStore

	mu      sync.Mutex
	enabled bool
	live    nfsd.Access
	remote  string
	used    int64
	dirty   int64 // bytes not yet uploaded
	// after an eviction: the read buffer is off, local content does not count
	noBuffer, evicted bool
}

// LoadShare opens the share of a row.
func (e *Engine) LoadShare(row *state.Share) error {
	local, ok := e.blockRow(row.LocalBlockStoreID)
	if !ok {
		return fmt.Errorf("local block store %s not found", row.LocalBlockStoreID)
	}
	e.mu.Lock()
	meta := e.meta[row.MetadataStoreID]
	e.mu.Unlock()
	if meta == nil {
		return fmt.Errorf("metadata store %s not loaded", row.MetadataStoreID)
	}
	s := &Share{Name: row.Name, meta: meta, Fs: local.Type == "fs", base: local.Path()}
	if !s.Fs {
		s.base = filepath.Join(e.scratch, local.ID)
	}
	s.base = filepath.Join(s.base, "shares", strings.TrimPrefix(row.Name, "/"))
	s.apply(row)
	if row.Private != nil {
		s.LocalMax, s.BufferMax = row.Private.LocalBytes, row.Private.BufferBytes
	}
	if err := e.openContent(s, false); err != nil {
		return err
	}
	e.mu.Lock()
	e.shares[row.Name] = s
	e.mu.Unlock()
	return nil
}

// openContent finds root and directory of the share and makes its export.
func (e *Engine) openContent(s *Share, renew bool) error {
	root, err := s.meta.root(s.Name, renew)
	if err != nil {
		return err
	}
	dir := filepath.Join(s.base, "journal", root)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	used := treeSize(dir)
	s.mu.Lock()
	s.used = used
	s.mu.Unlock()
	export := nfsd.NewExport(s.Name, root, dir, filepath.Join(s.base, "journal", root+".handles"), nfsd.Limits{
		Access:   s.access,
		ReadOnly: func() bool { return e.Faults.Get().NFSReadOnly },
		Reserve:  func(n int64) error { return e.reserve(s, n) },
		Wrote:    s.wrote,
		Corrupt:  func() bool { return e.Faults.Get().CorruptReads },
	})
	e.mu.Lock()
	s.export.Store(export)
	e.mu.Unlock()
	return nil
}

// apply takes over what is live without a restart.
func (s *Share) apply(row *state.Share) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enabled, s.live, s.remote = row.Enabled, accessOf(row), ""
	if row.RemoteStoreID != nil {
		s.remote = *row.RemoteStoreID
	}
}

// Share returns a loaded share or nil.
func (e *Engine) Share(name string) *Share {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.shares[name]
}

// Shares returns all loaded shares by name.
func (e *Engine) Shares() []*Share {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]*Share, 0, len(e.shares))
	for _, s := range e.shares {
		out = append(out, s)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// ApplyShare makes changes of a row live.
func (e *Engine) ApplyShare(row *state.Share) {
	if s := e.Share(row.Name); s != nil {
		s.apply(row)
	}
}

// UnloadShare forgets a share; its content stays on disk.
func (e *Engine) UnloadShare(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.shares, name)
	e.status.drop("share:" + name)
}

// HasRemote tells whether a remote block store is bound.
func (s *Share) HasRemote() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remote != ""
}

// Dir is the directory of the content.
func (s *Share) Dir() string { return s.export.Load().Dir }
