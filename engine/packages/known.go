package packages

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// pathOf writes the parts of a JSON path as plans.deploy.phases[0].
func pathOf(v any, parts []string) string {
	path := ""
	for _, part := range parts {
		switch w := v.(type) {
		case []any:
			path += "[" + part + "]"
			v = nil
			if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(w) {
				v = w[i]
			}
		case map[string]any:
			path, v = join(path, part), w[part]
		default:
			path, v = join(path, part), nil
		}
	}
	return path
}

// known returns the keys that may stand in the map at a JSON path.
func (f *form) known(v any, parts []string) []string {
	nodes := f.expand([]map[string]any{f.raw}, v)
	for _, part := range parts {
		var next []map[string]any
		for _, n := range nodes {
			next = append(next, below(n, part)...)
		}
		v = valueBelow(v, part)
		nodes = f.expand(next, v)
	}
	keys := map[string]bool{}
	for _, n := range nodes {
		props, _ := n["properties"].(map[string]any)
		for k := range props {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// expand follows references, and the branches that hold for a value.
func (f *form) expand(nodes []map[string]any, v any) []map[string]any {
	var out []map[string]any
	for _, n := range nodes {
		if ref, ok := n["$ref"].(string); ok {
			definitions, _ := f.raw["definitions"].(map[string]any)
			n, _ = definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
		}
		out = append(out, n)
		for _, key := range []string{"allOf", "anyOf"} {
			list, _ := n[key].([]any)
			out = append(out, f.expand(branches(list, v), v)...)
		}
	}
	return out
}

// branches returns the schemas of a list, and of "if kind is X, then" those where it is.
func branches(list []any, v any) []map[string]any {
	var out []map[string]any
	for _, e := range list {
		n, ok := e.(map[string]any)
		if !ok {
			continue
		}
		condition, _ := n["if"].(map[string]any)
		if condition == nil {
			out = append(out, n)
			continue
		}
		then, ok := n["then"].(map[string]any)
		if kind := constKind(condition); ok && kind != nil && kind == valueBelow(v, "kind") {
			out = append(out, then)
		}
	}
	return out
}

func constKind(condition map[string]any) any {
	props, _ := condition["properties"].(map[string]any)
	kind, _ := props["kind"].(map[string]any)
	return kind["const"]
}

// below returns the schemas that govern what stands under a key or index.
func below(n map[string]any, part string) []map[string]any {
	var out []map[string]any
	props, _ := n["properties"].(map[string]any)
	for _, v := range []any{props[part], n["additionalProperties"], n["items"]} {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
		if props[part] != nil && len(out) > 0 {
			break
		}
	}
	return out
}

func valueBelow(v any, part string) any {
	switch v := v.(type) {
	case map[string]any:
		return v[part]
	case []any:
		if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}
