package trigger

import (
	"maps"
	"slices"
	"strings"
)

// change is one path at which the wish differs from something carried out, or begun, before.
type change struct {
	// path is what Changed says.
	path string
	// parts are the fields of the object that came or went at path; path itself where there are none.
	// Each of them has to be taken by a plan.
	parts []string
}

// changes returns what differs between the wish and any of the specs before, by path.
func changes(wish map[string]any, before []map[string]any) []change {
	parts := map[string][]string{}
	for _, old := range before {
		for _, d := range differences(old, wish) {
			parts[d.path] = fields(fields(parts[d.path], d.path, d.old), d.path, d.new)
		}
	}
	var all []change
	for _, path := range slices.Sorted(maps.Keys(parts)) {
		slices.Sort(parts[path])
		all = append(all, change{path: path, parts: slices.Compact(parts[path])})
	}
	return all
}

// fields adds the paths, at or below a path, of all values that hold no further ones.
func fields(paths []string, path string, value any) []string {
	object, isObject := value.(map[string]any)
	switch {
	case value == nil:
		return paths
	case !isObject || len(object) == 0:
		return append(paths, path)
	}
	for key, value := range object {
		if value == nil {
			paths = append(paths, path+"."+key)
		}
		paths = fields(paths, path+"."+key, value)
	}
	return paths
}

// below says whether a path is another one or lies below it.
func below(path, other string) bool {
	return path == other || strings.HasPrefix(path, other+".")
}
