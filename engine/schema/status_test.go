package schema

import (
	"reflect"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func TestStatusSchemaIsTheGoType(t *testing.T) {
	s, err := statusSchema()
	if err != nil {
		t.Fatal(err)
	}
	compareType(t, "status", reflect.TypeOf(api.Status{}), s)
}

// compareType holds a Go type and a schema together: names, types and what is required.
func compareType(t *testing.T, at string, typ reflect.Type, s map[string]any) {
	t.Helper()
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch {
	case typ == reflect.TypeOf(metav1.Time{}):
		if s["type"] != "string" || s["format"] != "date-time" {
			t.Errorf("%s: want a date-time", at)
		}
	case typ.Kind() == reflect.Struct:
		compareFields(t, at, typ, s)
	case typ.Kind() == reflect.Slice:
		compareType(t, at+"[]", typ.Elem(), child(s, "items"))
	case typ.Kind() == reflect.Map:
		compareType(t, at+"{}", typ.Elem(), child(s, "additionalProperties"))
	default:
		if want := scalarType(typ); s["type"] != want {
			t.Errorf("%s: schema says %v, Go says %s", at, s["type"], want)
		}
	}
}

func compareFields(t *testing.T, at string, typ reflect.Type, s map[string]any) {
	t.Helper()
	props, seen := child(s, "properties"), map[string]bool{}
	required := map[string]bool{}
	list, _ := s["required"].([]any)
	for _, r := range list {
		required[r.(string)] = true
	}
	for i := range typ.NumField() {
		name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		seen[name] = true
		prop := child(props, name)
		if prop == nil {
			t.Errorf("%s.%s: not in status.yaml", at, name)
			continue
		}
		if required[name] == strings.Contains(options, "omitempty") {
			t.Errorf("%s.%s: required %v, JSON tag %q", at, name, required[name], options)
		}
		if text, _ := prop["description"].(string); text == "" {
			t.Errorf("%s.%s: no description", at, name)
		}
		compareType(t, at+"."+name, typ.Field(i).Type, prop)
	}
	for name := range props {
		if !seen[name] {
			t.Errorf("%s.%s: in status.yaml but not in Go", at, name)
		}
	}
}

func scalarType(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Int32, reflect.Int64:
		return "integer"
	}
	return "string"
}

func TestMergeStatusRefuses(t *testing.T) {
	text := map[string]any{"type": "string", "description": "D."}
	for name, c := range map[string]struct {
		fields []api.StatusField
		want   string
	}{
		"a field of the engine": {[]api.StatusField{{Name: "plan", Schema: text}},
			`kind.yaml: status[0].name: status.plan belongs to the engine (choose another name)`},
		"a field twice": {[]api.StatusField{{Name: "a", Schema: text}, {Name: "a", Schema: text}},
			`kind.yaml: status[1].name: status field "a" is stated twice (remove one)`},
		"a field without text": {[]api.StatusField{{Name: "a", Schema: map[string]any{"type": "string"}}},
			`kind.yaml: status[0].schema: has no description (say in a sentence what it shows; kubectl explain shows it)`},
	} {
		s, err := statusSchema()
		if err != nil {
			t.Fatal(err)
		}
		if got := mergeStatus(s, c.fields).Error(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}
