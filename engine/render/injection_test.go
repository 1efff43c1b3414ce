package render

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// everywhere prints a value in every place where YAML takes one.
const everywhere = `apiVersion: v1
kind: Thing
metadata:
  name: x
  labels:
    {{- include "all" . | nindent 4 }}
  annotations: {flow: {{ .Spec.s }}, "{{ .Spec.s }}k": a, list: '{{ .Spec.s }}'}
spec: # {{ .Spec.s }}
  plain: {{ .Spec.s }}
  double: "a {{ .Spec.s }} b"
  single: 'a {{ .Spec.s }} b'
  quoted: {{ .Spec.s | quote }}
  squoted: {{ squote .Spec.s }}
  composed: {{ .Spec.s }}-{{ .Spec.s | upper }}:{{ .Spec.n }}
  url: http://{{ .Spec.s }}:{{ .Spec.n }}/
  list: [{{ .Spec.s }}, "{{ .Spec.s }}", {{ toJson .Spec.s }}]
  args:
    - {{ .Spec.s }}
    - --flag={{ .Spec.s }}
  map:
    {{- toYaml .Spec.m | nindent 4 }}
  json: {{ toJson .Spec.m }}
  {{ .Spec.s }}: key
  text: |
{{ .Spec.s | indent 4 }}
  folded: >-
    {{ .Spec.s | nindent 4 | trim }}
  multi: {{ printf "%s\n%s" .Spec.s .Spec.s }}
---
apiVersion: v1
kind: Thing
metadata: {name: y}
x: {{ if contains "zq" .Spec.s }}{{ .Spec.s }}{{ else }}{{ .Spec.s }}{{ end }}
`

// embedded prints a value in texts that have a structure of their own.
const embedded = `apiVersion: v1
kind: Thing
metadata: {name: x}
data:
  a.yaml: |
    plain: {{ .Spec.s }}
    double: "{{ .Spec.s }}"
    list: [{{ .Spec.s }}]
  b.json: '{"a": "{{ .Spec.s }}"}'
  c.conf: |
    one = {{ .Spec.s }}
    two = 2
`

// encoded prints a value in such texts with the functions that are meant for it.
const encodedTexts = `apiVersion: v1
kind: Thing
metadata: {name: x}
data:
  a.yaml: |
    quoted: {{ quote .Spec.s }}
    json: {{ toJson .Spec.s }}
    {{- dict "k" .Spec.s .Spec.s "v" | toYaml | nindent 4 }}
    map: {{ toJson .Spec.m }}
  b.json: '{"a": {{ toJson .Spec.s }}}'
  c.json: |
    {{- toPrettyJson .Spec.m | nindent 4 }}
`

const allLabels = `{{ define "all" }}one: {{ .Spec.s }}
two: {{ .Spec.s | quote }}{{ end }}`

// nasty are pieces of text that mean something to YAML, JSON or templates.
var nasty = []string{"a", "\n", ": ", "- ", " #", "---\n", "...\n", "&a ", "*a", "!t ", "|", ">", "{", "}", "[", "]", ",", "'", `"`, `\`, "?", "%", "@", "`",
	"<<", "null", "true", "~", "1", "{{", "}}", "{{ .Spec }}", "\t", "\r", "\x00", "\u0085", "\u2028", "\ufeff", "é", "zqv0000001vqz", "zqv", "x: y\n", "  ", "\x7f"}

func TestNoValueAddsStructure(t *testing.T) {
	s := newSet(t, map[string]string{"all.yaml": everywhere, "emb.yaml": embedded, "enc.yaml": encodedTexts, "_l.tpl": allLabels})
	rapid.Check(t, func(t *rapid.T) {
		value := strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty), 0, 8).Draw(t, "pieces"), "")
		checkValue(t, s, value)
	})
}

func FuzzNoValueAddsStructure(f *testing.F) {
	for _, n := range nasty {
		f.Add(n)
		f.Add("a" + n + "b: c")
	}
	f.Add("a\nadmin: true")
	f.Add("x\", \"admin\": \"y")
	s := newSet(f, map[string]string{"all.yaml": everywhere, "emb.yaml": embedded, "enc.yaml": encodedTexts, "_l.tpl": allLabels})
	f.Fuzz(func(t *testing.T, value string) { checkValue(t, s, value) })
}

type failer interface {
	Fatalf(format string, args ...any)
}

// checkValue renders every template with a value and with an inert one. The two must have the same
// shape, and the inert word replaced by the value must give the very same data.
func checkValue(t failer, s *Set, value string) {
	const inert = "inertword"
	value = strings.ToValidUTF8(value, "")
	for _, c := range []string{"two", "aa", "one"} {
		if value == c || value+"k" == "flow" || value == inert {
			return // the same key twice, which is refused by another rule
		}
	}
	if knownKeys[value] {
		return
	}
	for _, name := range []string{"all.yaml", "enc.yaml", "emb.yaml"} {
		want, err := renderJSON(s, name, inert)
		if err != nil {
			t.Fatalf("%s with an inert value: %v", name, err)
		}
		got, err := renderJSON(s, name, value)
		if err != nil {
			if name == "emb.yaml" {
				continue // refusal is the right answer there
			}
			t.Fatalf("%s with %q: %v", name, value, err)
		}
		if name == "enc.yaml" {
			want, got = parseTexts(t, s, want), parseTexts(t, s, got)
		}
		if d := cmp.Diff(put(want, inert, value), got); d != "" {
			t.Fatalf("%s with %q:\n%s", name, value, d)
		}
		again, _ := renderJSON(s, name, value)
		if name != "enc.yaml" && !cmp.Equal(again, got) {
			t.Fatalf("%s with %q renders differently a second time", name, value)
		}
	}
}

var knownKeys = words("plain double single quoted squoted composed url list args map json text folded multi k a n")

func renderJSON(s *Set, name, value string) (any, error) {
	spec := map[string]any{"s": value, "n": int64(8080), "m": map[string]any{"a": value, "n": int64(1), "l": []any{value}, value + "x": "v"}}
	objs, err := s.Objects([]string{name}, Context{Name: "media", Spec: spec}, Options{})
	var out []any
	for _, o := range objs {
		out = append(out, o.Object)
	}
	return out, err
}

// parseTexts replaces the embedded texts by what YAML says they mean.
func parseTexts(t failer, _ *Set, v any) any {
	data := v.([]any)[0].(map[string]any)["data"].(map[string]any)
	for k, text := range data {
		docs, err := new(run).values(text.(string))
		if err != nil {
			t.Fatalf("%s: %v in %q", k, err, text)
		}
		data[k] = docs
	}
	return v
}

// put replaces the inert word by the value in every string and key.
func put(v any, inert, value string) any {
	rep := strings.NewReplacer(inert, value, strings.ToUpper(inert), strings.ToUpper(value))
	switch v := v.(type) {
	case string:
		return rep.Replace(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = put(v[i], inert, value)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[rep.Replace(k)] = put(e, inert, value)
		}
		return out
	}
	return v
}

// The rendered bytes are the same whatever order maps have.
func TestSameInputSameBytes(t *testing.T) {
	s := newSet(t, map[string]string{"a.yaml": head + `  a: {{ toJson .Spec | quote }}
  b: {{ keys .Spec.m | join "," }}
  c: {{ range $k, $v := .Spec.m }}{{ $k }}{{ $v }}{{ end }}
  d: |
    {{- toYaml .Spec.m | nindent 4 }}
  e: {{ values .Spec.m | join "," | sha256sum }}
  f: {{ merge (dict "a" 1) .Spec.m | toJson | b64enc }}
`})
	rapid.Check(t, func(t *rapid.T) {
		m := map[string]any{}
		for k, v := range rapid.MapOfN(rapid.StringMatching(`[a-z]{1,5}`), rapid.String(), 1, 8).Draw(t, "m") {
			m[k] = v
		}
		var first string
		for i := range 5 {
			objs, err := s.Objects([]string{"a.yaml"}, Context{Spec: map[string]any{"m": m}}, Options{})
			if err != nil {
				t.Fatalf("%v", err)
			}
			out, err := json.Marshal(objs)
			if err != nil {
				t.Fatalf("%v", err)
			}
			if i == 0 {
				first = string(out)
			}
			if string(out) != first {
				t.Fatalf("%s\n%s", first, out)
			}
		}
	})
}

func TestConcurrentRenders(t *testing.T) {
	s := newSet(t, map[string]string{"a.yaml": head + `  a: {{ .Spec.s }}{{ include "x" . }}` + "\n", "_p.tpl": partials})
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for range 50 {
				objs, err := s.Objects([]string{"a.yaml"}, Context{Spec: map[string]any{"s": fmt.Sprint(i), "x": "-"}}, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if got := objs[0].Object["data"].(map[string]any)["a"]; got != fmt.Sprintf("%d-", i) {
					t.Fatalf("%v in run %d", got, i)
				}
			}
		})
	}
}
