package trigger

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
)

// operation is the part of spec that is no wish.
const operation = "operation"

// Changed returns the paths below spec whose values differ, sorted. A path is as short as it can be
// without covering anything that is the same: an object that came or went is one path, and so is a
// list.
func Changed(old, new map[string]any) []string {
	found := differences(old, new)
	paths := make([]string, len(found))
	for i := range found {
		paths[i] = found[i].path
	}
	return paths
}

// difference is a path with the two values it has.
type difference struct {
	path     string
	old, new any
}

// differences returns where two specs differ, by path.
func differences(old, new map[string]any) []difference {
	var found []difference
	for _, key := range keys(old, new) {
		if key != operation {
			found = compare(found, difference{key, old[key], new[key]})
		}
	}
	slices.SortFunc(found, func(a, b difference) int { return strings.Compare(a.path, b.path) })
	return found
}

// compare adds where two values differ.
func compare(found []difference, d difference) []difference {
	a, isObject := d.old.(map[string]any)
	b, areObjects := d.new.(map[string]any)
	if !isObject || !areObjects {
		if !same(d.old, d.new) {
			found = append(found, d)
		}
		return found
	}
	for _, key := range keys(a, b) {
		found = compare(found, difference{d.path + "." + key, a[key], b[key]})
	}
	return found
}

// same says whether two JSON values are equal. Null counts as absent, and the Go type into which a
// number was read does not count.
func same(a, b any) bool {
	if x, isList := a.([]any); isList {
		y, areLists := b.([]any)
		return areLists && slices.EqualFunc(x, y, same)
	}
	if x, isObject := a.(map[string]any); isObject {
		y, areObjects := b.(map[string]any)
		return areObjects && !slices.ContainsFunc(keys(x, y), func(key string) bool { return !same(x[key], y[key]) })
	}
	x, isWhole := whole(a)
	y, areWhole := whole(b)
	if isWhole && areWhole {
		return x == y
	}
	return reflect.DeepEqual(a, b)
}

// whole returns a number that has no fraction.
func whole(v any) (int64, bool) {
	const exact = 1 << 53
	switch n := v.(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	case float64:
		return int64(n), n == math.Trunc(n) && math.Abs(n) < exact
	}
	return 0, false
}

// keys returns the keys of two objects, sorted, each once.
func keys(a, b map[string]any) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}
