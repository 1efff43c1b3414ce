package main

import (
	"archive/tar"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// fileLayer is an uncompressed layer that lies in a file.
type fileLayer struct {
	path string
	hash v1.Hash
	size int64
}

func (l *fileLayer) Digest() (v1.Hash, error)             { return l.hash, nil }
func (l *fileLayer) DiffID() (v1.Hash, error)             { return l.hash, nil }
func (l *fileLayer) Compressed() (io.ReadCloser, error)   { return os.Open(l.path) }
func (l *fileLayer) Uncompressed() (io.ReadCloser, error) { return os.Open(l.path) }
func (l *fileLayer) Size() (int64, error)                 { return l.size, nil }
func (l *fileLayer) MediaType() (types.MediaType, error)  { return types.OCIUncompressedLayer, nil }

// makeLayers writes the layers into dir: the rootfs, then the files.
func makeLayers(o options, dir string) ([]v1.Layer, error) {
	var layers []v1.Layer
	if o.rootfs != "" {
		layer, err := makeLayer(filepath.Join(dir, "rootfs.tar"), func(t *tree) error {
			return t.add(o.rootfs, "", true)
		})
		if err != nil {
			return nil, fmt.Errorf("make the layer of %s: %w", o.rootfs, err)
		}
		layers = append(layers, layer)
	}
	if len(o.files) == 0 {
		return layers, nil
	}
	layer, err := makeLayer(filepath.Join(dir, "files.tar"), func(t *tree) error {
		for _, file := range o.files {
			source, destination, _ := strings.Cut(file, ":")
			if err := t.add(source, cmp.Or(destination, path.Base(source)), false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("make the layer of files: %w", err)
	}
	return append(layers, layer), nil
}

// makeLayer writes what fill adds to a tar file.
func makeLayer(name string, fill func(*tree) error) (*fileLayer, error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sum := sha256.New()
	writer := tar.NewWriter(io.MultiWriter(file, sum))
	if err := fill(&tree{writer: writer, made: map[string]bool{}}); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	hash := v1.Hash{Algorithm: "sha256", Hex: fmt.Sprintf("%x", sum.Sum(nil))}
	return &fileLayer{path: name, hash: hash, size: info.Size()}, nil
}
