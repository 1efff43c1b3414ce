package engine

import (
	"net"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/nfsd"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

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
	return s.export.Load(), nfsd.MountOK
}

// Export implements nfsd.Backend.
func (e *Engine) Export(root string) *nfsd.Export {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.shares {
		if s.export.Load().Root == root {
			return s.export.Load()
		}
	}
	return nil
}
