package apply

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// serverMetadata are fields of metadata that only the API server writes, or that the engine
// states itself.
var serverMetadata = []string{
	"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp",
	"deletionTimestamp", "selfLink", "ownerReferences",
}

// normalise returns a copy of the manifest in the one form that is hashed, compared and sent:
// no nulls in maps, whole numbers as int64, no status, nothing that the API server writes, and a
// Secret's stringData encoded in data.
func normalise(desired *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	object := normaliseMap(desired.Object)
	delete(object, "status")
	if metadata, ok := object["metadata"].(map[string]any); ok {
		for _, field := range serverMetadata {
			delete(metadata, field)
		}
	}
	obj := &unstructured.Unstructured{Object: object}
	if !isSecret(RefOf(obj)) {
		return obj, nil
	}
	return obj, encodeSecret(object)
}

func normaliseMap(in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for key, value := range in {
		if value = normaliseValue(value); value != nil {
			out[key] = value
		}
	}
	return out
}

func normaliseValue(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if v == nil {
			return nil
		}
		return normaliseMap(v)
	case []any:
		if v == nil {
			return nil
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = normaliseValue(v[i])
		}
		return out
	case json.Number:
		return normaliseNumber(v)
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case float32:
		return wholeNumber(float64(v))
	case float64:
		return wholeNumber(v)
	}
	return value
}

func normaliseNumber(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	if f, err := n.Float64(); err == nil {
		return f
	}
	return n.String()
}

// wholeNumber returns 2.0 as the integer 2.
func wholeNumber(f float64) any {
	const exact = 1 << 53
	if f == float64(int64(f)) && f > -exact && f < exact {
		return int64(f)
	}
	return f
}

// encodeSecret moves stringData to data, as the API server would, so that keys that are no longer
// rendered go away. Errors name keys, never values.
func encodeSecret(object map[string]any) error {
	data, ok := mapField(object, "data")
	if !ok {
		return refuse(Terminal, ReasonInvalid, refOf(object), "data must be a map")
	}
	for key, value := range data {
		text, ok := value.(string)
		if !ok {
			return badKey(object, "data."+key, "must be a string")
		}
		if data[key], ok = canonicalBase64(text); !ok {
			return badKey(object, "data."+key, "must be base64; use stringData for plain text")
		}
	}
	plain, ok := mapField(object, "stringData")
	if !ok {
		return refuse(Terminal, ReasonInvalid, refOf(object), "stringData must be a map")
	}
	for key, value := range plain {
		text, ok := value.(string)
		if !ok {
			return badKey(object, "stringData."+key, "must be a string; quote it in the template")
		}
		data[key] = base64.StdEncoding.EncodeToString([]byte(text))
	}
	delete(object, "stringData")
	if len(data) > 0 {
		object["data"] = data
	}
	return nil
}

// mapField returns the map in a field; an absent one is empty.
func mapField(object map[string]any, field string) (map[string]any, bool) {
	if object[field] == nil {
		return map[string]any{}, true
	}
	m, ok := object[field].(map[string]any)
	return m, ok
}

// badKey is the error about one key of a Secret.
func badKey(object map[string]any, path, what string) error {
	err := refuse(Terminal, ReasonInvalid, refOf(object), fmt.Sprintf("cannot be made: %s %s", path, what))
	err.Paths = []string{path}
	return err
}

// canonicalBase64 drops the line breaks that YAML block texts bring.
func canonicalBase64(text string) (string, bool) {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return base64.StdEncoding.EncodeToString(raw), err == nil
}
