package packages

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Load reads and verifies the package at the root of a file system. The problems are all there are,
// warnings included, sorted by file and line; the package is nil when one of them is an error.
func Load(fsys fs.FS) (*api.Package, api.Problems) {
	files, problems := readFiles(fsys)
	if files == nil {
		return nil, problems
	}
	return load(files, problems)
}

// load verifies the files of a package.
func load(files map[string][]byte, problems api.Problems) (*api.Package, api.Problems) {
	l := &loader{files: files, problems: problems, pkg: &api.Package{}}
	l.loadOperator()
	for i, folder := range l.folders {
		l.loadKind(i, folder)
	}
	l.checkKinds()
	l.checkFiles()
	l.problems = once(l.problems)
	if l.problems.Err() != nil {
		return nil, l.problems
	}
	plain, err := pack(files)
	if err != nil {
		return nil, api.Problems{{File: operatorFile, Message: fmt.Sprintf("the package cannot be packed: %v", err)}}
	}
	l.pkg.Digest = digest(plain)
	return l.pkg, l.problems
}

// loader carries a package through its checks.
type loader struct {
	files    map[string][]byte
	operator *document
	// folders are those that operator.yaml names, each once.
	folders  []string
	pkg      *api.Package
	kinds    []*kind
	problems api.Problems
}

// add reports a problem of a document at a path.
func (l *loader) add(d *document, path, message, hint string) {
	l.report(d, api.Problem{Path: path, Message: message, Hint: hint})
}

// warn reports what does not refuse the package.
func (l *loader) warn(d *document, path, message, hint string) {
	l.report(d, api.Problem{Path: path, Message: message, Hint: hint, Warning: true})
}

// report places a problem in its document, unless the form has said that something is wrong there.
func (l *loader) report(d *document, p api.Problem) {
	if slices.ContainsFunc(d.problems, func(q api.Problem) bool { return q.Path == p.Path }) {
		return
	}
	at := d.at(p.Path)
	p.File, p.Line, p.Column = d.file, at.line, at.column
	l.problems = append(l.problems, p)
}

// open parses a document and checks its form. It is nil when there is none, or when it cannot be
// read into the types of its form.
func (l *loader) open(name, form string) *document {
	text, ok := l.files[name]
	if !ok {
		l.problems = append(l.problems, api.Problem{File: name, Message: "the file is missing"})
		return nil
	}
	d := parse(name, text)
	readable := d.problems.Err() == nil
	if readable {
		readable = checkForm(form, d)
	}
	l.problems = append(l.problems, d.problems...)
	if !readable {
		return nil
	}
	return d
}

// decode moves a document, or a part of it, into a type whose fields its form has vouched for.
func (l *loader) decode(d *document, path string, from, to any) {
	b, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(b, to)
	}
	if err != nil {
		l.add(d, path, fmt.Sprintf("cannot be read: %v", err), "")
	}
}

// once sorts problems and leaves out what is said twice.
func once(problems api.Problems) api.Problems {
	problems.Sort()
	return slices.Compact(problems)
}
