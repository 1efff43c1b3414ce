package health

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type object = map[string]any

// field returns what is at a path, or nil.
func field(o object, path ...string) any {
	v, _, err := unstructured.NestedFieldNoCopy(o, path...)
	if err != nil {
		return nil
	}
	return v
}

func text(o object, path ...string) string {
	s, _ := field(o, path...).(string)
	return s
}

// number returns the whole number at a path, or otherwise.
func number(o object, otherwise int64, path ...string) int64 {
	switch n := field(o, path...).(type) {
	case int64:
		return n
	case int32:
		return int64(n)
	case int:
		return int64(n)
	case float64:
		return int64(n)
	case json.Number:
		if i, err := n.Int64(); err == nil {
			return i
		}
	}
	return otherwise
}

func truth(o object, path ...string) bool {
	b, _ := field(o, path...).(bool)
	return b
}

// list returns the objects in the list at a path.
func list(o object, path ...string) []object {
	items, _ := field(o, path...).([]any)
	var out []object
	for _, i := range items {
		if m, ok := i.(object); ok {
			out = append(out, m)
		}
	}
	return out
}

// condition returns the status condition of a type, or nil.
func condition(o object, name string) object {
	for _, c := range list(o, "status", "conditions") {
		if c["type"] == name {
			return c
		}
	}
	return nil
}

// holds says whether a condition has a status, which is "True" or "False".
func holds(o object, name, status string) bool {
	c := condition(o, name)
	return c != nil && c["status"] == status
}
