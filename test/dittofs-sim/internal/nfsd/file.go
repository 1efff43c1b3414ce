package nfsd

import "os"

// shareFile is an open file of a share; it counts what is stored.
type shareFile struct {
	*os.File
	name string
	e    *Export
	pos  int64
}

func (f *shareFile) Name() string { return f.name }

func (f *shareFile) Lock() error { return nil }

func (f *shareFile) Unlock() error { return nil }

func (f *shareFile) Seek(offset int64, whence int) (int64, error) {
	pos, err := f.File.Seek(offset, whence)
	f.pos = pos
	return pos, err
}

func (f *shareFile) Write(p []byte) (int, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if err := f.e.reserve(f.pos + int64(len(p)) - info.Size()); err != nil {
		return 0, err
	}
	n, err := f.File.Write(p)
	f.pos += int64(n)
	f.e.wrote(int64(n))
	return n, err
}

func (f *shareFile) Truncate(size int64) error {
	f.e.wrote(0)
	return f.File.Truncate(size)
}

func (f *shareFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if f.e.corrupt() {
		clear(p[:n])
	}
	return n, err
}

func (f *shareFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(p, off)
	if f.e.corrupt() {
		clear(p[:n])
	}
	return n, err
}
