package render

import (
	"strings"
	"testing"

	"github.com/Masterminds/sprig/v3"
)

func TestEverySprigFunctionIsClassified(t *testing.T) {
	all := sprig.TxtFuncMap()
	offered := known()
	for name := range all {
		n := 0
		for _, class := range []map[string]bool{pureFunctions, ownFunctions, randomFunctions} {
			if class[name] {
				n++
			}
		}
		_, out := refusedFunctions[name]
		if out {
			n++
		}
		if n != 1 {
			t.Errorf("%s is in %d classes, want 1", name, n)
		}
		if _, there := offered[name]; there == out {
			t.Errorf("%s: offered %v, refused %v", name, there, out)
		}
	}
	for _, class := range []map[string]bool{pureFunctions, ownFunctions, randomFunctions} {
		for name := range class {
			if all[name] == nil {
				t.Errorf("%s is classified and not in sprig", name)
			}
		}
	}
}

// Sprig's own list of functions that do not repeat must be out or random.
func TestNothingNonHermeticIsPure(t *testing.T) {
	hermetic := sprig.HermeticTxtFuncMap()
	for name := range sprig.TxtFuncMap() {
		if hermetic[name] == nil && pureFunctions[name] {
			t.Errorf("%s is offered", name)
		}
	}
}

func TestRandomFunctions(t *testing.T) {
	s := newSet(t, map[string]string{"a.yaml": head + "  a: {{ randAlphaNum 24 }}\n  b: {{ uuidv4 }}\n"})
	if _, err := s.Objects([]string{"a.yaml"}, Context{}, Options{}); err == nil ||
		err.Error() != "a.yaml:5:9: randAlphaNum 24: randAlphaNum is random and only templates of Generate tasks may use it" {
		t.Errorf("without Random: %v", err)
	}
	seen := map[string]bool{}
	for range 50 {
		objs, err := s.Objects([]string{"a.yaml"}, Context{}, Options{Random: true})
		if err != nil {
			t.Fatal(err)
		}
		p := objs[0].Object["data"].(map[string]any)["a"].(string)
		if len(p) != 24 || seen[p] {
			t.Fatalf("password %q", p)
		}
		seen[p] = true
	}
}

func TestBounds(t *testing.T) {
	big := make([]any, 2000)
	for i := range big {
		big[i] = int64(i)
	}
	cases := map[string]string{
		`{{ range until 10001 }}{{ end }}`: "is too long", `{{ range untilStep 0 -100000 -1 }}{{ end }}`: "is too long",
		`{{ seq 100000 }}`: "is too long", `{{ repeat 9999999 "x" }}`: "larger than",
		`{{ range .Spec.l }}{{ range $.Spec.l }}{{ end }}{{ end }}`: "too much work",
		`{{ range until 9000 }}{{ repeat 1000 "x" }}{{ end }}`:      "larger than",
		`{{ range until 9000 }}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{ end }}`: "larger than",
		`{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}`:                                                                                                "more than 50 deep",
		`{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}`:                                                                                              "maximum template depth",
		`{{ indent 101 "x" }}`:                                       "not between 0 and 100",
		`{{ replace "" (repeat 1000 "x") (repeat 10000 "y") }}`:      "larger than",
		`{{ range until 2000 }}{{ $x := toYaml $.Spec.l }}{{ end }}`: "too much work",
	}
	for text, want := range cases {
		s := newSet(t, map[string]string{"a.yaml": text})
		_, err := s.Objects([]string{"a.yaml"}, Context{Spec: map[string]any{"l": big}}, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", text, err, want)
		}
	}
}

func TestBoundedFunctions(t *testing.T) {
	for text, want := range map[string]string{
		`{{ until 3 | join "," }}`: "0,1,2", `{{ until -2 | join "," }}`: "0,-1", `{{ untilStep 1 9 4 | join "," }}`: "1,5",
		`{{ untilStep 1 9 0 | len }}`: "0", `{{ seq 3 }}`: "1 2 3", `{{ seq 3 1 }}`: "3 2 1", `{{ seq 0 2 5 }}`: "0 2 4", `{{ seq }}`: "",
		`{{ seq 5 -2 1 }}`: "5 3 1", `{{ repeat 3 "ab" }}`: "ababab", `{{ repeat -1 "ab" }}`: "", `{{ "a.b" | replace "." "-" }}`: "a-b",
		`{{ values (dict "b" 1 "a" 2) | join "," }}`: "2,1", `{{ (fromYaml "a: {b: 1}").a.b }}`: "1", `{{ required "no" "x" }}`: "x",
		`{{ lt 1 1.5 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1 2 }} {{ ne 1 "1" }} {{ eq 1 2 1.0 }} {{ eq true false }}`: "true true true false true true false",
		`{{ trim "  a " }}|{{ trimPrefix "v" "v1" }}|{{ trimSuffix "-" "a-" }}`:                                         "a|1|a", `{{ list "b" "a" | sortAlpha | join "" }}`: "ab",
	} {
		if got, err := newSet(t, nil).Text("x", text, Context{}); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", text, got, err, want)
		}
	}
}
