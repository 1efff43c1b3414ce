package nfsd

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-billy/v5"
)

// shareFS shows the content directory of one export to go-nfs.
type shareFS struct{ e *Export }

func newShareFS(e *Export) *shareFS { return &shareFS{e: e} }

// real turns a share path into a path on disk; ".." cannot leave the share.
func (f *shareFS) real(name string) string {
	return filepath.Join(f.e.Dir, filepath.Clean("/"+name))
}

func relative(name string) string {
	return strings.TrimPrefix(filepath.Clean("/"+name), "/")
}

// Capabilities tells go-nfs to refuse changes on a read-only share.
func (f *shareFS) Capabilities() billy.Capability {
	if f.e.readOnly() {
		return billy.ReadCapability | billy.SeekCapability
	}
	return billy.DefaultCapabilities
}

func (f *shareFS) Create(name string) (billy.File, error) {
	return f.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
}

func (f *shareFS) Open(name string) (billy.File, error) { return f.OpenFile(name, os.O_RDONLY, 0) }

func (f *shareFS) OpenFile(name string, flag int, perm os.FileMode) (billy.File, error) {
	want := AccessWrite
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE) == 0 {
		want = AccessRead
	}
	if err := f.e.may(want); err != nil {
		return nil, err
	}
	// go-nfs sets O_EXCL without O_CREATE, which is undefined; drop it.
	if flag&os.O_CREATE == 0 {
		flag &^= os.O_EXCL
	}
	file, err := os.OpenFile(f.real(name), flag, perm|0o600)
	if err != nil {
		return nil, err
	}
	if flag&os.O_CREATE != 0 {
		f.e.wrote(0)
	}
	return &shareFile{File: file, name: name, e: f.e}, nil
}

func (f *shareFS) Stat(name string) (os.FileInfo, error)  { return os.Stat(f.real(name)) }
func (f *shareFS) Lstat(name string) (os.FileInfo, error) { return os.Lstat(f.real(name)) }

func (f *shareFS) Rename(from, to string) error {
	if err := f.e.may(AccessWrite); err != nil {
		return err
	}
	if err := os.Rename(f.real(from), f.real(to)); err != nil {
		return err
	}
	f.e.index.rename(relative(from), relative(to))
	f.e.wrote(0)
	return nil
}

func (f *shareFS) Remove(name string) error {
	if err := f.e.may(AccessWrite); err != nil {
		return err
	}
	if err := os.Remove(f.real(name)); err != nil {
		return err
	}
	f.e.index.drop(relative(name))
	f.e.wrote(0)
	return nil
}

func (f *shareFS) Join(elem ...string) string { return filepath.Join(elem...) }

func (f *shareFS) TempFile(string, string) (billy.File, error) {
	return nil, billy.ErrNotSupported
}

func (f *shareFS) ReadDir(name string) ([]os.FileInfo, error) {
	if err := f.e.may(AccessRead); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(f.real(name))
	if err != nil {
		return nil, err
	}
	out := make([]os.FileInfo, 0, len(entries))
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			out = append(out, info)
		}
	}
	return out, nil
}

func (f *shareFS) MkdirAll(name string, perm os.FileMode) error {
	if err := f.e.may(AccessWrite); err != nil {
		return err
	}
	f.e.wrote(0)
	return os.MkdirAll(f.real(name), perm|0o700)
}

func (f *shareFS) Symlink(target, link string) error {
	if err := f.e.may(AccessWrite); err != nil {
		return err
	}
	return os.Symlink(target, f.real(link))
}

func (f *shareFS) Readlink(link string) (string, error) { return os.Readlink(f.real(link)) }

func (f *shareFS) Chroot(string) (billy.Filesystem, error) { return nil, billy.ErrNotSupported }

func (f *shareFS) Root() string { return f.e.Dir }

// Chmod keeps the owner's bits, because the server must go on reading what it
// stores.
func (f *shareFS) Chmod(name string, mode os.FileMode) error {
	if err := f.e.may(AccessWrite); err != nil {
		return err
	}
	if info, err := os.Stat(f.real(name)); err == nil && info.IsDir() {
		return os.Chmod(f.real(name), mode|0o700)
	}
	return os.Chmod(f.real(name), mode|0o600)
}

// Lchown and Chown do nothing: the process is not root and owners are not kept.
func (f *shareFS) Lchown(string, int, int) error { return nil }

// Chown does nothing, see Lchown.
func (f *shareFS) Chown(string, int, int) error { return nil }

func (f *shareFS) Chtimes(name string, atime, mtime time.Time) error {
	return os.Chtimes(f.real(name), atime, mtime)
}
