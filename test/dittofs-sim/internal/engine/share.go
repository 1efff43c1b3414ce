package engine

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"

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
	export    *nfsd.Export
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
	s.export = export
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

func (s *Share) access() nfsd.Access {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live
}

// accessOf is what a root client gets: with a squash that leaves it an
// administrator everything, otherwise the default permission. A read-only
// share can only be read. The rights of single users are not looked at.
func accessOf(row *state.Share) nfsd.Access {
	squash := ""
	if row.Private != nil {
		squash = row.Private.NFS.Squash
	}
	access := nfsd.AccessNone
	switch {
	case squash == "none" || strings.HasSuffix(squash, "_to_admin"):
		access = nfsd.AccessWrite
	case row.DefaultPermission == "read":
		access = nfsd.AccessRead
	case row.DefaultPermission == "read-write" || row.DefaultPermission == "admin":
		access = nfsd.AccessWrite
	}
	if row.ReadOnly {
		return min(access, nfsd.AccessRead)
	}
	return access
}

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
	return treeSize(s.export.Dir)
}

func treeSize(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
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

// ShareStatus is the cached health of a share.
func (e *Engine) ShareStatus(row *state.Share) Status {
	return e.status.get("share:"+row.Name, func() Status { return e.shareHealth(row) })
}

func (e *Engine) shareHealth(row *state.Share) Status {
	s := e.Share(row.Name)
	if s == nil {
		return newStatus(Unknown, fmt.Sprintf("share not found: share not found: %q", row.Name))
	}
	if st := metadataHealth(&s.meta.row); st.Status != Healthy {
		return newStatus(Unhealthy, "metadata: "+st.Message)
	}
	e.probeRemote(s)
	return newStatus(Healthy, "")
}

// probeRemote takes half a minute when the remote store is away; the share
// counts as healthy all the same.
func (e *Engine) probeRemote(s *Share) {
	if !e.remoteReachable(s, time.Second) {
		time.Sleep(environmentTime("DITTOFS_SIM_S3_DELAY", 30*time.Second))
	}
}

// waitForRemotes makes a start slow when a remote store refuses connections.
func (e *Engine) waitForRemotes() {
	for _, s := range e.Shares() {
		if !e.remoteReachable(s, time.Second) {
			time.Sleep(environmentTime("DITTOFS_SIM_S3_START_DELAY", 3*time.Minute))
			return
		}
	}
}

// Mount implements nfsd.Backend.
func (e *Engine) Mount(client net.Addr, name string) (*nfsd.Export, nfsd.MountError) {
	s := e.Share(name)
	if s == nil {
		return nil, nfsd.MountNoEntry
	}
	s.mu.Lock()
	enabled := s.enabled
	s.mu.Unlock()
	if !enabled {
		return nil, nfsd.MountAccess
	}
	e.recordMount(client, name)
	return s.export, nfsd.MountOK
}

// Export implements nfsd.Backend.
func (e *Engine) Export(root string) *nfsd.Export {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.shares {
		if s.export.Root == root {
			return s.export
		}
	}
	return nil
}

// HasRemote tells whether a remote block store is bound.
func (s *Share) HasRemote() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remote != ""
}

// Dir is the directory of the content.
func (s *Share) Dir() string { return s.export.Dir }
