package nfsd

import "os"

// Access is what the clients of a share may do.
type Access int

// Levels of access. Mounting is always allowed; what is not allowed later ends
// with NFS3ERR_ACCES.
const (
	AccessNone Access = iota
	AccessRead
	AccessWrite
)

// Limits are the live conditions of an export; all functions may be nil.
type Limits struct {
	// Access is asked at each call.
	Access func() Access
	// ReadOnly makes each change fail with NFS3ERR_ROFS.
	ReadOnly func() bool
	// Reserve is asked before n more bytes are stored.
	Reserve func(n int64) error
	// Wrote is told about each change of content.
	Wrote func(n int64)
	// Corrupt makes reads answer zeros.
	Corrupt func() bool
}

// Export is one share that is served.
type Export struct {
	Name   string
	Root   string // id of the metadata root, a UUID
	Dir    string // content
	limits Limits
	index  *handleIndex
	fs     *shareFS
}

// NewExport makes an export of dir. The index of moved handles is kept in
// indexFile.
func NewExport(name, root, dir, indexFile string, limits Limits) *Export {
	e := &Export{Name: name, Root: root, Dir: dir, limits: limits, index: newHandleIndex(root, dir, indexFile)}
	e.fs = newShareFS(e)
	return e
}

func (e *Export) readOnly() bool { return e.limits.ReadOnly != nil && e.limits.ReadOnly() }

// may fails when the clients have less than the wanted access.
func (e *Export) may(want Access) error {
	if e.limits.Access != nil && e.limits.Access() < want {
		return os.ErrPermission
	}
	return nil
}

func (e *Export) corrupt() bool { return e.limits.Corrupt != nil && e.limits.Corrupt() }

func (e *Export) reserve(n int64) error {
	if e.limits.Reserve == nil || n <= 0 {
		return nil
	}
	return e.limits.Reserve(n)
}

func (e *Export) wrote(n int64) {
	if e.limits.Wrote != nil {
		e.limits.Wrote(n)
	}
}
