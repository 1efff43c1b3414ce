package schema

import (
	"fmt"
	"strings"

	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"

	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// UnknownField says which part of a path in spec does not exist.
type UnknownField struct {
	// Path is the whole path; Parent is the part of it that exists, "spec" for the root.
	Path, Parent string
	// Name is the first name that does not exist.
	Name string
	// Hint says what was probably meant; it may be empty.
	Hint string
}

// Error says it in one sentence.
func (e *UnknownField) Error() string {
	return fmt.Sprintf("%s has no field %q", e.Parent, e.Name)
}

// Type returns the type of the field at a path in spec such as "storage.size": an OpenAPI type,
// "int-or-string", or "" when anything may be there. Maps and lists end what is known of a path:
// any key may follow a map, and [0] or [*] a list. The error is an *UnknownField.
func (s *Schema) Type(path string) (string, error) {
	n, at := s.nodes, "spec"
	for _, name := range strings.Split(path, ".") {
		name, index, indexed := strings.Cut(name, "[")
		next, known := lookup(n, name)
		if !known {
			return "", &UnknownField{Path: path, Parent: at, Name: name, Hint: suggest.Hint(name, sortedKeys(n.Properties))}
		}
		if indexed && next != nil {
			next, known = next.Items, next.Items != nil
			if !known {
				return "", &UnknownField{Path: path, Parent: at + "." + name, Name: "[" + index, Hint: "it is not a list"}
			}
		}
		if next == nil {
			return "", nil
		}
		n, at = next, at+"."+name
	}
	return typeOf(n), nil
}

func typeOf(n *structural.Structural) string {
	if n.XIntOrString {
		return "int-or-string"
	}
	return n.Type
}
