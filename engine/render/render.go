package render

import (
	"fmt"
	"strings"
	"unicode"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Objects renders the named templates and returns their objects in template order, then document
// order. An object without a namespace stays so; one of another namespace than the context's is
// refused. An error is an api.Problems and never shows a value that a template printed.
func (s *Set) Objects(names []string, c Context, o Options) ([]*unstructured.Unstructured, error) {
	var out []*unstructured.Unstructured
	seen := map[string]string{}
	for _, name := range names {
		docs, err := s.documents(name, c, o)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			u, err := toObject(d, c.Namespace)
			if err == nil {
				err = unique(seen, u, name)
			}
			if err != nil {
				return nil, api.Problems{{File: name, Message: fmt.Sprintf("document %d: %s", d.number, err)}}
			}
			out = append(out, u)
		}
	}
	return out, nil
}

func (s *Set) documents(name string, c Context, o Options) ([]document, error) {
	if _, ok := s.trees[name]; !ok {
		return nil, api.Problems{{File: name, Message: "there is no such template",
			Hint: "templates are " + strings.Join(s.Names(), ", ")}}
	}
	if len(s.trees[name]) == 0 || s.trees[name][0].Name != name {
		return nil, nil
	}
	r, err := s.start(o)
	if err != nil {
		return nil, err
	}
	text, err := r.execute(name, c.data())
	if err != nil {
		return nil, api.Problems{problem(err, name)}
	}
	docs, err := r.decode(text)
	if err != nil {
		return nil, api.Problems{{File: name, Message: err.Error()}}
	}
	return docs, nil
}

// Text renders a small inline template, such as a name or a path, to one line or a few. name says
// where it stands, for messages. A printed value with control characters is refused.
func (s *Set) Text(name, text string, c Context) (string, error) {
	r, out, err := s.inline(name, text, c)
	if err != nil {
		return "", err
	}
	for i := range r.tokens {
		t := &r.tokens[i]
		if strings.Contains(out, tokenName(i)) && !t.encoded && !t.lines && strings.ContainsFunc(t.value, unicode.IsControl) {
			return "", api.Problems{{File: name, Message: "the value of " + t.source + " has a line break or another control character"}}
		}
	}
	return r.plain(out), nil
}

// Value renders an inline template whose text is one YAML document, such as the body of a call,
// and returns it as JSON-like data; nil for an empty text. Values cannot add structure.
func (s *Set) Value(name, text string, c Context) (any, error) {
	r, out, err := s.inline(name, text, c)
	if err != nil {
		return nil, err
	}
	docs, err := r.decode(out)
	if err != nil {
		return nil, api.Problems{{File: name, Message: err.Error()}}
	}
	switch len(docs) {
	case 0:
		return nil, nil
	case 1:
		return docs[0].value, nil
	}
	return nil, api.Problems{{File: name, Message: "the text is more than one YAML document"}}
}

// inline parses and runs a text that may use the set's partials.
func (s *Set) inline(name, text string, c Context) (*run, string, error) {
	const own = "_inline"
	trees, err := parseFile(own, text)
	if err != nil {
		return nil, "", api.Problems{renamed(problem(err, own), own, name)}
	}
	r, err := s.start(Options{})
	if err != nil || len(trees) == 0 {
		return r, "", err
	}
	for _, t := range trees {
		rewrite(t)
		if _, err := r.tmpl.AddParseTree(t.Name, t); err != nil {
			return nil, "", fmt.Errorf("add template %s: %w", name, err)
		}
	}
	out, err := r.execute(own, c.data())
	if err != nil {
		return nil, "", api.Problems{renamed(problem(err, own), own, name)}
	}
	return r, out, nil
}

func renamed(p api.Problem, from, to string) api.Problem {
	if p.File == from {
		p.File = to
	}
	return p
}

// start makes a run with functions of its own.
func (s *Set) start(o Options) (*run, error) {
	clone, err := s.root.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy templates: %w", err)
	}
	r := &run{}
	r.tmpl = clone.Funcs(r.functions(o))
	return r, nil
}
