package packages

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// document is a YAML file as JSON-like values that remember their places.
type document struct {
	file  string
	value any
	// places tells where each path stands; order names the keys of each map as written.
	places map[string]place
	order  map[string][]string
	// problems are what is wrong with the document on its own.
	problems api.Problems
	// formed says that the document is of its form, but for keys too many.
	formed bool
}

// place is where the key and the value of a path stand.
type place struct{ key, value mark }

// mark is a line and a column, both from 1.
type mark struct{ line, column int }

// parse reads a file that holds one YAML document.
func parse(file string, text []byte) *document {
	d := &document{file: file, places: map[string]place{}, order: map[string][]string{}}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var root yaml.Node
	if err := dec.Decode(&root); err != nil {
		d.unreadable(text, err)
		return d
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		d.problem(mark{max(more.Line, 1), max(more.Column, 1)}, "", "the file holds more than one document", "remove what follows ---")
		return d
	}
	r := reader{d: d, left: maxNodes, open: map[*yaml.Node]bool{}}
	d.value = r.read(&root, "", markOf(&root))
	return d
}

func (d *document) problem(at mark, path, message, hint string) {
	d.problems = append(d.problems, api.Problem{File: d.file, Line: at.line, Column: at.column, Path: path, Message: message, Hint: hint})
}

// unreadable reports a syntax error at its line.
func (d *document) unreadable(text []byte, err error) {
	if errors.Is(err, io.EOF) {
		d.problem(mark{1, 1}, "", "the file is empty", "")
		return
	}
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if n, scanErr := fmt.Sscanf(message, "line %d: ", &line); n == 1 && scanErr == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	at := mark{line, 1}
	if tab := tabLine(text, line); tab > 0 {
		d.problem(mark{tab, 1}, "", "the line is indented with a tab", "YAML takes spaces only")
		return
	}
	d.problem(at, "", "this is no YAML: "+strings.SplitN(message, "\n", 2)[0], "")
}

// tabLine returns the line at or beside the given one that is indented with a tab, or 0.
func tabLine(text []byte, line int) int {
	lines := strings.Split(string(text), "\n")
	for n := max(line-1, 1); n <= min(line+1, len(lines)); n++ {
		l := lines[n-1]
		if strings.Contains(l[:len(l)-len(strings.TrimLeft(l, " \t"))], "\t") {
			return n
		}
	}
	return 0
}

// at returns where a path stands, or the nearest path above it that does: the value of scalars and
// the key of everything else, because that is where one has to write.
func (d *document) at(path string) mark {
	for {
		if p, ok := d.places[path]; ok {
			return p.value
		}
		if path == "" {
			return mark{1, 1}
		}
		path = above(path)
	}
}

// keyAt returns where the key of a path stands.
func (d *document) keyAt(path string) mark {
	if p, ok := d.places[path]; ok {
		return p.key
	}
	return d.at(path)
}

// above cuts the last part off a path.
func above(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

func join(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func markOf(n *yaml.Node) mark { return mark{max(n.Line, 1), max(n.Column, 1)} }
