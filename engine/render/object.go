package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// toObject checks that a document is one Kubernetes object that the instance may own.
func toObject(d document, namespace string) (*unstructured.Unstructured, error) {
	m, ok := d.value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("it is %s, want an object with apiVersion, kind and metadata", typeName(d.value))
	}
	u := &unstructured.Unstructured{Object: m}
	for _, check := range []func(*unstructured.Unstructured) error{checkType, checkName, checkMaps} {
		if err := check(u); err != nil {
			return nil, err
		}
	}
	if ns := u.GetNamespace(); ns != "" && namespace != "" && ns != namespace {
		return nil, fmt.Errorf("%s %s is in namespace %q, the instance in %q; leave metadata.namespace out",
			u.GetKind(), u.GetName(), ns, namespace)
	}
	return u, nil
}

func checkType(u *unstructured.Unstructured) error {
	version, err := requiredString(u, "apiVersion")
	if err != nil {
		return err
	}
	if gv, err := schema.ParseGroupVersion(version); err != nil || gv.Version == "" {
		return fmt.Errorf("apiVersion %q is not of the form group/version", version)
	}
	kind, err := requiredString(u, "kind")
	if err != nil {
		return err
	}
	if _, list := u.Object["items"]; kind == "List" || list && strings.HasSuffix(kind, "List") {
		return fmt.Errorf("a %s is not an object of its own; write its items as documents separated by ---", kind)
	}
	return nil
}

func checkName(u *unstructured.Unstructured) error {
	name, err := requiredString(u, "metadata", "name")
	if err != nil {
		return fmt.Errorf("%s: %w", u.GetKind(), err)
	}
	if msgs := content.IsPathSegmentName(name); len(msgs) > 0 || len(name) > 253 {
		return fmt.Errorf("%s: metadata.name %q is not a valid name", u.GetKind(), short(name))
	}
	if v, ok, _ := unstructured.NestedFieldNoCopy(u.Object, "metadata", "namespace"); ok {
		if _, isString := v.(string); !isString {
			return fmt.Errorf("%s %s: metadata.namespace is %s, want a string", u.GetKind(), name, typeName(v))
		}
	}
	return nil
}

// checkMaps refuses labels and annotations that are not strings, which would get lost silently.
func checkMaps(u *unstructured.Unstructured) error {
	for _, field := range []string{"labels", "annotations"} {
		v, ok, _ := unstructured.NestedFieldNoCopy(u.Object, "metadata", field)
		if !ok || v == nil {
			continue
		}
		m, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%s %s: metadata.%s is %s, want a map", u.GetKind(), u.GetName(), field, typeName(v))
		}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			e := m[k]
			if _, ok := e.(string); !ok {
				return fmt.Errorf("%s %s: metadata.%s %q is %s, want a string; print it with quote",
					u.GetKind(), u.GetName(), field, short(k), typeName(e))
			}
		}
	}
	return nil
}

func requiredString(u *unstructured.Unstructured, fields ...string) (string, error) {
	v, ok, err := unstructured.NestedFieldNoCopy(u.Object, fields...)
	name := strings.Join(fields, ".")
	if err != nil || !ok || v == nil || v == "" {
		return "", fmt.Errorf("%s is missing", name)
	}
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("%s is %s, want a string; print it with quote", name, typeName(v))
	}
	return s, nil
}

// unique refuses an object that was rendered before.
func unique(seen map[string]string, u *unstructured.Unstructured, file string) error {
	key := u.GroupVersionKind().GroupKind().String() + "/" + u.GetName()
	if first, ok := seen[key]; ok {
		if first == file {
			return fmt.Errorf("%s %s is rendered twice", u.GetKind(), u.GetName())
		}
		return fmt.Errorf("%s %s is rendered by %s too", u.GetKind(), u.GetName(), first)
	}
	seen[key] = file
	return nil
}

// typeName names the JSON type of a value.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	case []any:
		return "a list"
	}
	return "a map"
}

func short(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
