package packages

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Archive packs what a package runs into a gzipped tar whose bytes depend on names and contents
// alone, and returns it with its digest, "sha256:" and hex digits of the tar within: that a
// compressor writes other bytes one day does not make another version.
func Archive(fsys fs.FS) ([]byte, string, error) {
	files, problems := readFiles(fsys)
	if err := problems.Err(); err != nil {
		return nil, "", err
	}
	if _, ok := files[operatorFile]; !ok {
		return nil, "", fmt.Errorf("pack package: there is no %s", operatorFile)
	}
	plain, err := pack(files)
	if err != nil {
		return nil, "", fmt.Errorf("pack package: %w", err)
	}
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, "", fmt.Errorf("compress package: %w", err)
	}
	if _, err := zip.Write(plain); err != nil {
		return nil, "", fmt.Errorf("compress package: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, "", fmt.Errorf("compress package: %w", err)
	}
	return out.Bytes(), digest(plain), nil
}

// pack writes the canonical tar: sorted names, no times, no owners, mode 0644.
func pack(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, name := range sortedNames(files) {
		h := &tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg, Format: tar.FormatPAX}
		if err := w.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func digest(plain []byte) string {
	sum := sha256.Sum256(plain)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// LoadArchive loads a package from a gzipped tar. Links, paths that lead out of the package and
// archives above MaxSize are refused.
func LoadArchive(r io.Reader) (*api.Package, api.Problems) {
	files, err := unpack(r)
	if err != nil {
		return nil, api.Problems{{Message: fmt.Sprintf("the archive cannot be read: %v", err), Hint: "pack the package again"}}
	}
	return load(files, nil)
}

// unpack reads the files of an archive.
func unpack(r io.Reader) (map[string][]byte, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	files, left := map[string][]byte{}, int64(MaxSize)
	in := tar.NewReader(io.LimitReader(zip, MaxSize+MaxFiles*2048))
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag == tar.TypeDir {
			continue
		}
		if err := checkEntry(h, files, left); err != nil {
			return nil, err
		}
		text, err := io.ReadAll(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name, err)
		}
		left -= int64(len(text))
		files[clean(h.Name)] = text
	}
}

func clean(name string) string { return strings.TrimPrefix(name, "./") }

func checkEntry(h *tar.Header, files map[string][]byte, left int64) error {
	name := clean(h.Name)
	switch {
	case h.Typeflag != tar.TypeReg:
		return fmt.Errorf("%s is no regular file", h.Name)
	case !fs.ValidPath(name) || name == "." || strings.Contains(name, `\`):
		return fmt.Errorf("%q leads out of the package", h.Name)
	case files[name] != nil:
		return fmt.Errorf("%s is in it twice", h.Name)
	case h.Size > left:
		return fmt.Errorf("its files have more than %d MiB in all", MaxSize>>20)
	case len(files) >= MaxFiles:
		return fmt.Errorf("it has more than %d files", MaxFiles)
	}
	return nil
}
