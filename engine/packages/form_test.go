package packages

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// rawForm returns a definition of a JSON schema, or its root.
func rawForm(t *testing.T, name, definition string) map[string]any {
	t.Helper()
	text, err := JSONSchema(name)
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	if definition == "" {
		return root
	}
	definitions, _ := root["definitions"].(map[string]any)
	node, _ := definitions[definition].(map[string]any)
	return node
}

// keysOf returns the JSON names of a struct, those of embedded structs among them.
func keysOf(typ reflect.Type) []string {
	var keys []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Anonymous {
			keys = append(keys, keysOf(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, name)
	}
	return keys
}

func TestFormsAreTheGoTypes(t *testing.T) {
	for _, c := range []struct {
		form, definition string
		of               any
		more, less       []string
	}{
		{"operator", "", api.Package{}, []string{"apiVersion"}, []string{"digest"}},
		{"kind", "", api.Kind{}, keysOf(reflect.TypeOf(api.Names{})), []string{"folder", "names", "schema", "plans", "tasks", "templates"}},
		{"plans", "Plan", api.Plan{}, nil, []string{"name"}},
		{"plans", "Step", api.Step{}, nil, nil},
		{"tasks", "Apply", api.ApplySpec{}, nil, nil},
		{"tasks", "Delete", api.DeleteSpec{}, nil, nil},
		{"tasks", "Patch", api.PatchSpec{}, nil, nil},
		{"tasks", "Generate", api.GenerateSpec{}, nil, nil},
		{"tasks", "Wait", api.WaitSpec{}, nil, nil},
		{"tasks", "Http", api.HttpSpec{}, nil, nil},
		{"tasks", "Connect", api.ConnectSpec{}, nil, nil},
		{"tasks", "Toggle", api.ToggleSpec{}, nil, nil},
		{"tasks", "Dummy", api.DummySpec{}, nil, nil},
	} {
		node := rawForm(t, c.form, c.definition)
		want := append(keysOf(reflect.TypeOf(c.of)), c.more...)
		want = slices.DeleteFunc(want, func(k string) bool { return slices.Contains(c.less, k) })
		compareForm(t, c.form+" "+c.definition, node, want)
		compareParts(t, c.form+" "+c.definition, node, reflect.TypeOf(c.of))
	}
}

// compareForm holds the properties of a JSON schema and the keys of a Go type together.
func compareForm(t *testing.T, what string, node map[string]any, want []string) {
	t.Helper()
	props, _ := node["properties"].(map[string]any)
	var got []string
	for key, v := range props {
		got = append(got, key)
		if p, _ := v.(map[string]any); p["description"] == nil && p["$ref"] == nil {
			t.Errorf("%s: %s has no description", what, key)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: the JSON schema has %v, the Go type %v", what, got, want)
	}
	if node["additionalProperties"] != false {
		t.Errorf("%s: other keys are allowed", what)
	}
}

// compareParts looks into the structs that a type holds.
func compareParts(t *testing.T, what string, node map[string]any, typ reflect.Type) {
	t.Helper()
	props, _ := node["properties"].(map[string]any)
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		part, _ := props[name].(map[string]any)
		inner := typ.Field(i).Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			if items, ok := part["items"].(map[string]any); ok && inner.Kind() == reflect.Slice {
				part = items
			}
			inner = inner.Elem()
		}
		if part["properties"] == nil || inner.Kind() != reflect.Struct || inner == reflect.TypeOf(metav1.Duration{}) {
			continue
		}
		compareForm(t, what+"."+name, part, keysOf(inner))
		compareParts(t, what+"."+name, part, inner)
	}
}

func TestTaskKindsAreThoseOfTheEngine(t *testing.T) {
	var want []any
	for _, k := range api.TaskKinds {
		want = append(want, string(k))
	}
	props, _ := rawForm(t, "tasks", "Task")["properties"].(map[string]any)
	kind, _ := props["kind"].(map[string]any)
	if got := kind["enum"]; !reflect.DeepEqual(got, want) {
		t.Errorf("the JSON schema has %v, the engine %v", got, want)
	}
}

func TestFormNamesKnownKeys(t *testing.T) {
	all, err := forms()
	if err != nil {
		t.Fatal(err)
	}
	tasks := map[string]any{"tasks": []any{map[string]any{"kind": "Delete", "spec": map[string]any{}}}}
	for _, c := range []struct {
		form  string
		value any
		path  string
		want  string
	}{
		{"tasks", tasks, "tasks.0", "kind name spec"},
		{"tasks", tasks, "tasks.0.spec", "resources"},
		{"plans", nil, "plans.any.triggers", "created deleted packageVersion paths when"},
		{"plans", nil, "plans.any.phases.3.steps.0.retry", "backoff limit maxBackoff"},
		{"kind", nil, "endpoints.0.login.body", ""},
	} {
		if got := strings.Join(all[c.form].known(c.value, strings.Split(c.path, ".")), " "); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.form, c.path, got, c.want)
		}
	}
	if got := all["schema"].known(nil, strings.Split("properties.a.items.properties.b", ".")); !slices.Contains(got, "x-immutable") {
		t.Errorf("the schema's own keys are %v", got)
	}
}

func TestJSONSchema(t *testing.T) {
	for _, name := range []string{"operator", "kind", "schema", "plans", "tasks"} {
		if rawForm(t, name, "")["$schema"] != "http://json-schema.org/draft-07/schema#" {
			t.Errorf("%s: no draft 7 schema", name)
		}
	}
	if _, err := JSONSchema("nothing"); err == nil {
		t.Error("a JSON schema that does not exist was returned")
	}
}
