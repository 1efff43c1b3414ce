package packages

import (
	"reflect"
	"testing"
)

const sampleDocument = `# a comment
plans:
  b: {strategy: serial}
  a:
    phases:
      - name: one
        "on": yes
      - &two
        name: two
    again: *two
    text: |
      line
when: 2020-01-01
n: [1, 0x10, -2.5, true, ~, "5", 99999999999999999999]
`

func TestParseValues(t *testing.T) {
	d := parse("plans.yaml", []byte(sampleDocument))
	two := map[string]any{"name": "two"}
	want := map[string]any{
		"plans": map[string]any{
			"b": map[string]any{"strategy": "serial"},
			"a": map[string]any{"phases": []any{map[string]any{"name": "one", "on": "yes"}, two}, "again": two, "text": "line\n"},
		},
		"when": "2020-01-01",
		"n":    []any{int64(1), int64(16), -2.5, true, nil, "5", 99999999999999999999.0},
	}
	if len(d.problems) > 0 || !reflect.DeepEqual(d.value, want) {
		t.Errorf("got %#v, problems %v", d.value, d.problems)
	}
	if got := d.order["plans"]; !reflect.DeepEqual(got, []string{"b", "a"}) {
		t.Errorf("order of plans is %v", got)
	}
}

func TestParsePlaces(t *testing.T) {
	d := parse("plans.yaml", []byte(sampleDocument))
	for path, want := range map[string]mark{
		"plans":                        {2, 1},
		"plans.b.strategy":             {3, 17},
		"plans.a.phases[0].name":       {6, 15},
		"plans.a.phases[1]":            {8, 9},
		"plans.a.phases[1].nothing[2]": {8, 9},
		"plans.c.phases":               {2, 1},
		"nothing":                      {2, 1},
		"n[2]":                         {14, 14},
	} {
		if got := d.at(path); got != want {
			t.Errorf("%s is at %v, want %v", path, got, want)
		}
	}
	if got := d.keyAt("plans.b.strategy"); got != (mark{3, 7}) {
		t.Errorf("the key is at %v", got)
	}
	if got := d.keyAt("plans.b.none"); got != (mark{3, 3}) {
		t.Errorf("a key that does not exist is at %v", got)
	}
}
