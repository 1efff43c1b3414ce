package schema

import (
	"fmt"
	"strings"
)

// place says where in schema.yaml a node lies, and what of it the engine can compare over time.
type place struct {
	// doc is the path in schema.yaml.
	doc string
	// field is the path in spec, up to the first list or map.
	field []string
	// below says that the node lies in an item of a list or a value of a map.
	below bool
	// anchor is the nearest node above whose old and new value Kubernetes can tell belong
	// together, and rel the path from there; anchor is nil in lists whose items have no key.
	anchor map[string]any
	rel    []string
	// junctor says that the node lies under allOf, anyOf, oneOf or not.
	junctor bool
}

func (p place) property(name string) place {
	p.doc = join(p.doc, "properties", name)
	if !p.below {
		p.field = append(p.field[:len(p.field):len(p.field)], name)
	}
	p.rel = append(p.rel[:len(p.rel):len(p.rel)], name)
	return p
}

// inner is the place of an item or a map's value; kept says whether they have an identity.
func (p place) inner(key string, node map[string]any, kept bool) place {
	p.doc, p.below, p.rel = join(p.doc, key), true, nil
	if p.anchor != nil {
		p.anchor = node
	}
	if !kept {
		p.anchor = nil
	}
	return p
}

// walk carries out and removes the engine's keywords in a node and all below it.
func (s *spec) walk(n map[string]any, at place) {
	s.readPlan(n, at)
	s.readImmutable(n, at)
	props := child(n, "properties")
	for _, name := range sortedKeys(props) {
		if p := child(props, name); p != nil {
			to := at.property(name)
			s.describe(p, to)
			s.walk(p, to)
		}
	}
	if items := child(n, "items"); items != nil {
		s.walk(items, at.inner("items", items, n["x-kubernetes-list-type"] == "map"))
	}
	if values := child(n, "additionalProperties"); values != nil {
		s.walk(values, at.inner("additionalProperties", values, n["x-kubernetes-map-type"] != "atomic"))
	}
	s.walkJunctors(n, at)
}

func (s *spec) walkJunctors(n map[string]any, at place) {
	at.junctor = true
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := n[key].([]any)
		for i, v := range list {
			if m, ok := v.(map[string]any); ok {
				to := at
				to.doc = fmt.Sprintf("%s[%d]", join(at.doc, key), i)
				s.walk(m, to)
			}
		}
	}
	if not := child(n, "not"); not != nil {
		at.doc = join(at.doc, "not")
		s.walk(not, at)
	}
}

// describe demands the text that kubectl explain shows.
func (s *spec) describe(n map[string]any, at place) {
	if at.junctor {
		return
	}
	if text, _ := n["description"].(string); strings.TrimSpace(text) == "" {
		s.problem(at.doc, "has no description", "say in a sentence what it does; kubectl explain shows it")
	}
}

func (s *spec) readPlan(n map[string]any, at place) {
	v, ok := n[KeyPlan]
	if !ok {
		return
	}
	delete(n, KeyPlan)
	path := join(at.doc, KeyPlan)
	name, isText := v.(string)
	switch {
	case !isText || name == "":
		s.problem(path, "must be the name of a plan", "")
	case at.junctor:
		s.problem(path, "has no effect under allOf, anyOf, oneOf and not", "put it on the property")
	case at.below:
		s.problem(path, "cannot tell one item of a list or map from another",
			"put it on spec."+strings.Join(at.field, "."))
	case len(at.field) == 0:
		s.problem(path, "stands on the whole spec", "put it on the properties whose change asks for the plan")
	default:
		s.triggers[strings.Join(at.field, ".")] = name
	}
}
