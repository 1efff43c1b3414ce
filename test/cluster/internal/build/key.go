package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// sources are the names of files that decide what a Go module compiles to.
var sources = []string{"*.go", "go.mod", "go.sum"}

// Key hashes the sources below the folders, and whatever else decides the
// result (compiler version, flags). It is the same on every machine that has
// the same contents. Test files do not count.
func Key(decides []string, folders ...string) (string, error) {
	hash := sha256.New()
	for _, s := range decides {
		fmt.Fprintf(hash, "%q\n", s)
	}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !isSource(entry.Name()) {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(folder, path)
			fmt.Fprintf(hash, "%q %x\n", name, sha256.Sum256(content))
			return err
		})
		if err != nil {
			return "", fmt.Errorf("hash the sources in %s: %w", folder, err)
		}
	}
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}

func isSource(name string) bool {
	if ok, _ := filepath.Match("*_test.go", name); ok {
		return false
	}
	return slices.ContainsFunc(sources, func(pattern string) bool {
		ok, _ := filepath.Match(pattern, name)
		return ok
	})
}
