package schema

import (
	"errors"
	"maps"
	"testing"

	"pgregory.net/rapid"
)

func TestTriggers(t *testing.T) {
	_, k := lamp(t)
	s := compiled(t, k)
	want := map[string]string{"bulbs": "resize"}
	if got := s.Triggers(); !maps.Equal(got, want) {
		t.Errorf("Triggers = %v, want %v", got, want)
	}
	s.Triggers()["bulbs"] = "other"
	if !maps.Equal(s.Triggers(), want) {
		t.Error("a caller can change the schema's own triggers")
	}
}

func TestImmutableRootKeepsOperationFree(t *testing.T) {
	s := compiled(t, kindOf(t, `
type: object
x-immutable: a thing never changes; make a new one
properties:
  a: {type: string, description: A.}
  b: {type: string, description: B., x-immutable: false}
  c-d: {type: string, description: C., x-immutable: true}`))
	old := map[string]any{"a": "x"}
	for spec, want := range map[string]string{
		"{a: x, operation: {suspend: true}}": "",
		"{a: x, b: z}":                       "",
		"{a: z}":                             "spec.a: a thing never changes; make a new one",
		"{b: z}":                             "spec.a: a thing never changes; make a new one",
		"{a: x, c-d: z}":                     "spec.c-d: spec.c-d cannot be changed after creation; restore the old value, or create another resource",
	} {
		if got := s.Validate(specOf(t, spec), old).Error(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", spec, got, want)
		}
	}
}

func TestAnUnspeakableNameCannotBeImmutable(t *testing.T) {
	_, err := New(kindOf(t, "type: object\nproperties: {'1a': {type: string, description: A., x-immutable: true}}"))
	const want = `schema.yaml: properties.1a.x-immutable: cannot hold here: an expression cannot speak this name (use letters, digits and _ in names)`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestMapValuesAreComparedByKey(t *testing.T) {
	s := compiled(t, kindOf(t, `
type: object
properties:
  keys:
    type: object
    description: Keys.
    additionalProperties: {type: string, x-immutable: a key stays}`))
	old := specOf(t, "{keys: {a: x}}")
	for spec, want := range map[string]string{
		"{keys: {a: x, b: z}}": "", "{}": "", "{keys: {a: z}}": "spec.keys[a]: a key stays",
	} {
		if got := s.Validate(specOf(t, spec), old).Error(); got != want {
			t.Errorf("%s: got %s, want %s", spec, got, want)
		}
	}
}

func TestNewLeavesTheKindAlone(t *testing.T) {
	_, k := lamp(t)
	before := asJSON(t, k)
	compiled(t, k)
	if asJSON(t, k) != before {
		t.Error("New changed the kind's schema")
	}
}

func TestDefaultCopiesAndIsIdempotent(t *testing.T) {
	_, k := lamp(t)
	s := compiled(t, k)
	rapid.Check(t, func(t *rapid.T) {
		spec := map[string]any{
			"color": rapid.SampledFrom([]any{nil, "red", 1.0, true}).Draw(t, "color"),
			"timer": rapid.SampledFrom([]any{nil, map[string]any{}, map[string]any{"minutes": 3.0}, "x"}).Draw(t, "timer"),
			"extra": map[string]any{"a": []any{rapid.Float64().Draw(t, "number")}},
		}
		before := asJSON(t, spec)
		once := s.Default(spec)
		if asJSON(t, spec) != before {
			t.Fatalf("Default changed its argument to %v", spec)
		}
		if twice := s.Default(once); asJSON(t, twice) != asJSON(t, once) {
			t.Fatalf("Default of %v is %v", once, twice)
		}
	})
}

func TestValuesThatAreNotJSON(t *testing.T) {
	_, k := lamp(t)
	s := compiled(t, k)
	spec := map[string]any{"socket": struct{}{}}
	if got, want := s.Validate(spec, nil).Error(), "spec: is not made of JSON values: socket: struct {} is not a JSON value"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if s.Default(spec)["color"] != "white" {
		t.Error("Default of a spec that is not JSON must be the default of an empty one")
	}
}

func TestType(t *testing.T) {
	_, k := lamp(t)
	s := compiled(t, k)
	for path, want := range map[string]string{
		"bulbs": "integer", "timer.enabled": "boolean", "port": "int-or-string", "labels.any": "string",
		"shade.holes": "array", "shade.holes[0].width": "integer", "extra.any.thing": "", "operation.suspend": "boolean",
	} {
		if got, err := s.Type(path); err != nil || got != want {
			t.Errorf("Type(%q) = %q, %v, want %q", path, got, err, want)
		}
	}
	for path, want := range map[string]string{
		"bulb": "spec has no field \"bulb\"", "timer.minuts": "spec.timer has no field \"minuts\"",
		"bulbs.x": "spec.bulbs has no field \"x\"", "bulbs[0]": "spec.bulbs has no field \"[0]\"", "": "spec has no field \"\"",
	} {
		_, err := s.Type(path)
		var unknown *UnknownField
		if !errors.As(err, &unknown) || err.Error() != want || unknown.Path != path {
			t.Errorf("Type(%q): got %v, want %s", path, err, want)
		}
	}
}

func TestWhatWasWrongBeforeIsForgiven(t *testing.T) {
	_, k := lamp(t)
	s := compiled(t, k)
	old := specOf(t, "{socket: E27, color: RED}")
	if got := s.Validate(specOf(t, "{socket: E27, color: RED, bulbs: 2}"), old); got.Err() != nil {
		t.Errorf("an unchanged field is refused: %v", got)
	}
	if got := s.Validate(specOf(t, "{socket: E27, color: BLUE}"), old); got.Err() == nil {
		t.Error("a changed field is accepted")
	}
}

func TestValidateName(t *testing.T) {
	_, k := lamp(t)
	if got := compiled(t, k).ValidateName("short"); got != nil {
		t.Errorf("a short name is refused: %v", got)
	}
	if got := compiled(t, kindOf(t, "type: object")).ValidateName("any"); got != nil {
		t.Errorf("a kind without bound refuses a name: %v", got)
	}
}
