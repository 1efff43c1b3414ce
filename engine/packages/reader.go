package packages

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits of a YAML document: aliases can make a small file large.
const (
	maxNodes = 100_000
	maxDepth = 100
)

// reader turns YAML nodes into JSON-like values.
type reader struct {
	d    *document
	left int
	// open holds the nodes that are being read, to find aliases that contain themselves.
	open  map[*yaml.Node]bool
	depth int
	over  bool
}

// read returns the value of a node and notes its place; key is where its key stands.
func (r *reader) read(n *yaml.Node, path string, key mark) any {
	if !r.enter(n) {
		return nil
	}
	defer r.leave(n)
	p := place{key: key, value: key}
	if n.Kind == yaml.ScalarNode {
		p.value = markOf(n)
	}
	if n.Kind != yaml.DocumentNode {
		r.d.places[path] = p
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return r.read(n.Content[0], path, markOf(n.Content[0]))
	case yaml.AliasNode:
		return r.read(n.Alias, path, key)
	case yaml.MappingNode:
		return r.readMap(n, path)
	case yaml.SequenceNode:
		return r.readList(n, path)
	}
	return r.readScalar(n, path)
}

// enter says whether a node may be read; it reports once that a document is too large.
func (r *reader) enter(n *yaml.Node) bool {
	r.left--
	r.depth++
	if !r.over && r.left >= 0 && r.depth <= maxDepth && !r.open[n] {
		r.open[n] = true
		return true
	}
	r.depth--
	if !r.over {
		r.d.problem(markOf(n), "", "the document is too large or too deep", "use fewer aliases")
	}
	r.over = true
	return false
}

func (r *reader) leave(n *yaml.Node) {
	r.depth--
	delete(r.open, n)
}

func (r *reader) readMap(n *yaml.Node, path string) map[string]any {
	m := make(map[string]any, len(n.Content)/2)
	first := map[string]mark{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		at := markOf(k)
		switch {
		case k.Kind != yaml.ScalarNode:
			r.d.problem(at, path, "a key must be text", "a template is put in quotes")
			continue
		case k.ShortTag() == "!!merge":
			r.d.problem(at, path, "merge keys (<<) are not part of the format", "write the keys out")
			continue
		}
		if line, twice := first[k.Value]; twice {
			r.d.problem(at, join(path, k.Value), fmt.Sprintf("the key is stated twice, first on line %d", line.line), "remove one")
			continue
		}
		first[k.Value] = at
		r.d.order[path] = append(r.d.order[path], k.Value)
		m[k.Value] = r.read(v, join(path, k.Value), at)
	}
	return m
}

func (r *reader) readList(n *yaml.Node, path string) []any {
	l := make([]any, len(n.Content))
	for i, c := range n.Content {
		l[i] = r.read(c, item(path, i), markOf(c))
	}
	return l
}

// readScalar returns nil, a bool, an int64, a float64 or a string. Dates stay text.
func (r *reader) readScalar(n *yaml.Node, path string) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int":
		return readInt(n.Value)
	case "!!float":
		f, err := strconv.ParseFloat(strings.ReplaceAll(n.Value, "_", ""), 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return n.Value
		}
		return f
	case "!!str", "!!timestamp", "!!binary":
		return n.Value
	}
	r.d.problem(markOf(n), path, fmt.Sprintf("the tag %s is not part of the format", n.Tag), "remove it")
	return nil
}

// readInt returns a number, or the text of one that is too large to be one.
func readInt(text string) any {
	i, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		return text
	}
	return i
}
