package packages

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Limits of a package, unpacked.
const (
	// MaxSize is the sum of the sizes of all files in bytes.
	MaxSize = 4 << 20
	// MaxFiles is the number of files.
	MaxFiles = 2000
)

// The names of a package's documents.
const (
	operatorFile = "operator.yaml"
	kindFile     = "kind.yaml"
	schemaFile   = "schema.yaml"
	plansFile    = "plans.yaml"
	tasksFile    = "tasks.yaml"
	templatesDir = "templates"
	testsDir     = "tests"
)

// readFiles reads all files of a package by path. Files and folders whose names begin with a dot
// are not part of it.
func readFiles(fsys fs.FS) (map[string][]byte, api.Problems) {
	files := map[string][]byte{}
	size := 0
	var problems api.Problems
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden(name) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if !d.Type().IsRegular() {
			problems = append(problems, api.Problem{File: name, Message: "is no regular file", Hint: "links and devices are not part of a package"})
			return nil
		}
		text, err := readFile(fsys, name, MaxSize-size)
		if err != nil {
			return err
		}
		files[name], size = text, size+len(text)
		if len(files) > MaxFiles {
			return fmt.Errorf("the package has more than %d files", MaxFiles)
		}
		return nil
	})
	if err != nil {
		return nil, api.Problems{{File: operatorFile, Message: fmt.Sprintf("the package cannot be read: %v", err)}}
	}
	return files, problems
}

func readFile(fsys fs.FS, name string, left int) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > int64(left) {
		return nil, fmt.Errorf("its files have more than %d MiB in all", MaxSize>>20)
	}
	return fs.ReadFile(fsys, name)
}

func hidden(name string) bool { return name != "." && strings.HasPrefix(path.Base(name), ".") }

// belongs says whether a file is part of what a package runs: the documents and templates of
// folders that hold a kind, and operator.yaml. A README and tests are not.
func belongs(files map[string][]byte, name string) bool {
	if name == operatorFile {
		return true
	}
	folder, rest, _ := strings.Cut(name, "/")
	if _, ok := files[folder+"/"+kindFile]; !ok {
		return false
	}
	return slices.Contains(documents, rest) || strings.HasPrefix(rest, templatesDir+"/")
}

var documents = []string{kindFile, schemaFile, plansFile, tasksFile}

// sortedNames returns the paths of the files that belong to the package.
func sortedNames(files map[string][]byte) []string {
	var names []string
	for name := range files {
		if belongs(files, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
