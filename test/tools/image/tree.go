package main

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// tree adds files and folders to a tar stream, each parent folder once.
type tree struct {
	writer *tar.Writer
	made   map[string]bool
}

// add copies source (a file, or a folder with all it has) to destination in
// the image. With keep, owners stay as they are; else all belongs to root.
// Sockets, devices and pipes are left out.
func (t *tree) add(source, destination string, keep bool) error {
	source, err := filepath.EvalSymlinks(source) // a link named here means its target
	if err != nil {
		return err
	}
	return filepath.WalkDir(source, func(at string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(source, at)
		if err != nil {
			return err
		}
		info, err := os.Lstat(at)
		if err != nil {
			return err
		}
		name := strings.Trim(path.Join("/", destination, filepath.ToSlash(relative)), "/")
		return t.entry(at, name, info, keep)
	})
}

// entry writes one file, link or folder.
func (t *tree) entry(at, name string, info fs.FileInfo, keep bool) error {
	mode := info.Mode()
	if name == "" || !(mode.IsDir() || mode.IsRegular() || mode&fs.ModeSymlink != 0) {
		return nil
	}
	link := ""
	if mode&fs.ModeSymlink != 0 {
		var err error
		if link, err = os.Readlink(at); err != nil {
			return err
		}
	}
	header, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return fmt.Errorf("describe %s: %w", at, err)
	}
	normalise(header, name, info, keep)
	if err := t.parents(name); err != nil {
		return err
	}
	if mode.IsDir() {
		if t.made[name] {
			return nil
		}
		t.made[name] = true
	}
	if err := t.writer.WriteHeader(header); err != nil || !mode.IsRegular() {
		return err
	}
	return t.content(at)
}

// normalise takes everything out of header that differs between machines.
func normalise(header *tar.Header, name string, info fs.FileInfo, keep bool) {
	header.Name = name
	if info.IsDir() {
		header.Name += "/"
	}
	header.ModTime, header.AccessTime, header.ChangeTime = time.Unix(0, 0), time.Time{}, time.Time{}
	header.Uname, header.Gname, header.Uid, header.Gid = "", "", 0, 0
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && keep {
		header.Uid, header.Gid = int(stat.Uid), int(stat.Gid)
	} else {
		header.Mode = 0o644
		if info.IsDir() || info.Mode()&0o111 != 0 {
			header.Mode = 0o755 // whatever the umask was
		}
	}
	header.PAXRecords, header.Format = nil, tar.FormatUnknown
}

func (t *tree) parents(name string) error {
	dir := path.Dir(name)
	if dir == "." || t.made[dir] {
		return nil
	}
	if err := t.parents(dir); err != nil {
		return err
	}
	t.made[dir] = true
	return t.writer.WriteHeader(&tar.Header{
		Name: dir + "/", Typeflag: tar.TypeDir, Mode: 0o755, ModTime: time.Unix(0, 0),
	})
}

func (t *tree) content(at string) error {
	file, err := os.Open(at)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(t.writer, file)
	return err
}
