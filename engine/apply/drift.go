package apply

import (
	"fmt"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Drift lists the paths of the fields that desired states and live does not have with an equal
// value; none means that applying desired would change nothing. Fields that only live has do not
// count, the three stamps never do. It yields paths only, so that it is safe to show for Secrets.
//
// Values are equal when the API server takes them for the same: numbers by value, resource
// quantities by amount, null like an absent field. Lists are compared element by element and must
// have the same length, except metadata.ownerReferences and metadata.finalizers, where others may
// have entries of their own.
func Drift(desired, live *unstructured.Unstructured) []string {
	var d drift
	d.maps("", "", desired.Object, live.Object)
	sort.Strings(d.paths)
	return d.paths
}

type drift struct{ paths []string }

func (d *drift) add(path string) { d.paths = append(d.paths, path) }

// value compares one field. parent is the key of the map or list that holds it.
func (d *drift) value(path, parent, key string, want, have any) {
	switch w := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			d.add(path)
			return
		}
		d.maps(path, key, w, h)
	case []any:
		h, ok := have.([]any)
		if !ok {
			d.add(path)
			return
		}
		d.lists(path, key, w, h)
	default:
		if !equal(want, have) && !(isQuantity(path, parent, key) && sameQuantity(want, have)) {
			d.add(path)
		}
	}
}

func (d *drift) maps(path, key string, want, have map[string]any) {
	for k, w := range want {
		child := join(path, k)
		if path == "metadata.annotations" && isStamp(k) {
			continue
		}
		d.value(child, key, k, w, have[k])
	}
}

func (d *drift) lists(path, key string, want, have []any) {
	switch {
	case path == "metadata.ownerReferences":
		d.among(path, want, have, func(w, h any) bool { return uidOf(w) == uidOf(h) })
	case path == "metadata.finalizers":
		d.among(path, want, have, equal)
	case len(want) != len(have):
		d.add(path)
	default:
		for i := range want {
			d.value(fmt.Sprintf("%s[%d]", path, i), key, key, want[i], have[i])
		}
	}
}

// among looks for each wanted element by its identity, wherever it stands.
func (d *drift) among(path string, want, have []any, same func(w, h any) bool) {
	for i, w := range want {
		var found any
		for _, h := range have {
			if same(w, h) {
				found = h
				break
			}
		}
		d.value(fmt.Sprintf("%s[%d]", path, i), "", "", w, found)
	}
}

func uidOf(reference any) any {
	m, _ := reference.(map[string]any)
	return m["uid"]
}

// join writes a path as people do; keys with dots or slashes go in brackets.
func join(path, key string) string {
	if strings.ContainsAny(key, "./") {
		return path + "[" + key + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// equal compares two scalars; numbers by value, whatever their Go type.
func equal(a, b any) bool {
	a, b = normaliseValue(a), normaliseValue(b)
	switch a.(type) {
	case map[string]any, []any:
		return false
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}

// quantityMaps are maps of resource quantities and quantityFields single ones, in the built-in
// kinds. Elsewhere "1000m" and "1" are different texts.
var (
	quantityMaps = map[string]bool{
		"requests": true, "limits": true, "hard": true, "capacity": true, "min": true, "max": true,
		"default": true, "defaultRequest": true, "podFixed": true, "target": true,
	}
	quantityFields = map[string]bool{"sizeLimit": true, "divisor": true, "averageValue": true}
)

func isQuantity(path, parent, key string) bool {
	return strings.HasPrefix(path, "spec.") && (quantityMaps[parent] || quantityFields[key])
}

func sameQuantity(a, b any) bool {
	x, errX := resource.ParseQuantity(fmt.Sprint(a))
	y, errY := resource.ParseQuantity(fmt.Sprint(b))
	return errX == nil && errY == nil && x.Cmp(y) == 0
}
