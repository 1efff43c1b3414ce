package render

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Set is the templates of one kind, parsed once. It is immutable and safe for concurrent use.
type Set struct {
	root  *template.Template
	names []string
	// trees holds the parse trees of each file, the file's own first.
	trees map[string][]*parse.Tree
}

// New parses templates, named by their paths. A file whose name begins with "_" is a partial: it
// only serves others. The error is an api.Problems that lists what is wrong in any of the files.
func New(templates map[string]string) (*Set, error) {
	s := &Set{root: template.New("").Option("missingkey=error"), trees: map[string][]*parse.Tree{}}
	s.names = slices.Sorted(maps.Keys(templates))
	var problems api.Problems
	owner := map[string]string{}
	for _, name := range s.names {
		trees, err := parseFile(name, templates[name])
		if err != nil {
			problems = append(problems, problem(err, name))
			continue
		}
		problems = append(problems, s.add(name, trees, owner)...)
	}
	if len(problems) == 0 {
		problems = s.unresolved()
	}
	if len(problems) > 0 {
		problems.Sort()
		return nil, problems
	}
	return s, s.link()
}

// parseFile parses one text; the trees are sorted by name, the file's own first.
func parseFile(name, text string) ([]*parse.Tree, error) {
	if i := strings.Index(text, tokenPrefix); i >= 0 && tokenForm.MatchString(text[i:]) {
		line := 1 + strings.Count(text[:i], "\n")
		return nil, api.Problems{{File: name, Line: line, Message: "the template holds text of the form " +
			tokenForm.String() + ", which the engine keeps for itself"}}
	}
	set := map[string]*parse.Tree{}
	t := parse.New(name)
	if _, err := t.Parse(text, "{{", "}}", set, known()); err != nil {
		return nil, err
	}
	own := set[name]
	delete(set, name)
	trees := []*parse.Tree{}
	if own != nil {
		trees = append(trees, own)
	}
	for _, k := range slices.Sorted(maps.Keys(set)) {
		trees = append(trees, set[k])
	}
	return trees, nil
}

// add takes a file's trees over and reports templates that another file defines too.
func (s *Set) add(file string, trees []*parse.Tree, owner map[string]string) (problems api.Problems) {
	for _, t := range trees {
		if other, ok := owner[t.Name]; ok {
			line, col := lineCol(t, t.Root)
			problems = append(problems, api.Problem{File: file, Line: line, Column: col,
				Message: fmt.Sprintf("template %q is defined in %s too", t.Name, other)})
			continue
		}
		owner[t.Name] = file
	}
	s.trees[file] = trees
	return problems
}

// link rewrites copies of the trees and makes them executable.
func (s *Set) link() error {
	for _, file := range s.names {
		for _, t := range s.trees[file] {
			c := t.Copy()
			rewrite(c)
			if _, err := s.root.AddParseTree(t.Name, c); err != nil {
				return fmt.Errorf("add template %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

// unresolved reports references to templates that do not exist.
func (s *Set) unresolved() (problems api.Problems) {
	defined := map[string]bool{}
	for _, trees := range s.trees {
		for _, t := range trees {
			defined[t.Name] = true
		}
	}
	for _, file := range s.names {
		for _, t := range s.trees[file] {
			for _, r := range references(t) {
				if !defined[r.name] {
					problems = append(problems, api.Problem{File: file, Line: r.line, Column: r.col,
						Message: fmt.Sprintf("there is no template %q", r.name)})
				}
			}
		}
	}
	return problems
}

// Names lists the templates that render objects, sorted.
func (s *Set) Names() []string { return s.filter(false) }

// Partials lists the files that only serve other templates, sorted.
func (s *Set) Partials() []string { return s.filter(true) }

func (s *Set) filter(partial bool) []string {
	var out []string
	for _, n := range s.names {
		if strings.HasPrefix(path.Base(n), "_") == partial {
			out = append(out, n)
		}
	}
	return out
}
