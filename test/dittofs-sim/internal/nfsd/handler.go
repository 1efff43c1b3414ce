package nfsd

import (
	"context"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"syscall"

	"github.com/go-git/go-billy/v5"
	nfs "github.com/willscott/go-nfs"
)

// Backend knows the shares.
type Backend interface {
	// Mount returns the export of a share, or nil and the reason.
	Mount(client net.Addr, name string) (*Export, MountError)
	// Export returns a loaded export by the id of its root, enabled or not.
	Export(root string) *Export
	// ExportNames and MountList answer showmount.
	ExportNames() []string
	MountList() [][2]string
	// UnmountAll forgets the mounts of a client.
	UnmountAll(client net.Addr)
}

// MountError is a MOUNT status code.
type MountError uint32

// Status codes that a MOUNT call gets.
const (
	MountOK      = MountError(nfs.MountStatusOk)
	MountNoEntry = MountError(nfs.MountStatusErrNoEnt)
	MountAccess  = MountError(nfs.MountStatusErrAcces)
)

var errStale = errors.New("stale file handle")

// handler implements nfs.Handler.
type handler struct{ backend Backend }

func (h *handler) Mount(_ context.Context, conn net.Conn, req nfs.MountRequest) (nfs.MountStatus, billy.Filesystem, []nfs.AuthFlavor) {
	e, status := h.backend.Mount(conn.RemoteAddr(), string(req.Dirpath))
	if e == nil {
		return nfs.MountStatus(status), nil, nil
	}
	return nfs.MountStatusOk, e.fs, []nfs.AuthFlavor{nfs.AuthFlavorUnix}
}

func (h *handler) Change(fs billy.Filesystem) billy.Change {
	c, _ := fs.(billy.Change)
	return c
}

func (h *handler) FSStat(_ context.Context, fs billy.Filesystem, s *nfs.FSStat) error {
	share, ok := fs.(*shareFS)
	if !ok {
		return errStale
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(share.e.Dir, &st); err != nil {
		return err
	}
	s.TotalSize = st.Blocks * uint64(st.Bsize)
	s.FreeSize = st.Bfree * uint64(st.Bsize)
	s.AvailableSize = st.Bavail * uint64(st.Bsize)
	s.TotalFiles, s.FreeFiles, s.AvailableFiles = st.Files, st.Ffree, st.Ffree
	return nil
}

// ToHandle makes root id and handle id: 32 bytes, a multiple of four, because
// go-nfs does not pad.
func (h *handler) ToHandle(fs billy.Filesystem, path []string) []byte {
	share, ok := fs.(*shareFS)
	if !ok {
		return nil
	}
	root, _ := hex.DecodeString(strings.ReplaceAll(share.e.Root, "-", ""))
	id := share.e.index.id(relative(strings.Join(path, "/")))
	return append(root, id[:]...)
}

func (h *handler) FromHandle(fh []byte) (billy.Filesystem, []string, error) {
	if len(fh) != 16+idLength {
		return nil, nil, errStale
	}
	e := h.backend.Export(uuid(fh[:16]))
	if e == nil {
		return nil, nil, errStale
	}
	path, ok := e.index.path(handleID(fh[16:]))
	if !ok {
		return nil, nil, errStale
	}
	if path == "" {
		return e.fs, []string{}, nil
	}
	return e.fs, strings.Split(path, "/"), nil
}

// InvalidateHandle does nothing: shareFS keeps the index itself.
func (h *handler) InvalidateHandle(billy.Filesystem, []byte) error { return nil }

func (h *handler) HandleLimit() int { return 1 << 20 }

func uuid(b []byte) string {
	s := hex.EncodeToString(b)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
