package render

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files")

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s is different, run with -update when that is meant:\n%s", file, d)
	}
}

// Each message of a render, as users and authors see it.
func TestRenderErrors(t *testing.T) {
	meta := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n"
	cases := []string{
		meta + "a: {{ .Spec.gone }}", meta + "a: {{ .Spec.deep.gone.more }}", meta + "a: {{ .Spce.x }}", meta + "a: {{ .Spec.null.x }}",
		meta + "a: {{ .Spec.null }}", meta + "a: {{ .Spec.list }}", meta + "a: {{ .Spec.deep }}",
		meta + `a: {{ required "set spec.x" .Spec.empty }}`, meta + `a: {{ fail "no way" }}`, meta + `a: {{ upper .Spec.n }}`,
		meta + `a: {{ template "p" . }}`, meta + `a: {{ include "p" . }}`, meta + `a: {{ include .Spec.x . }}`,
		meta + "  a: [", meta + "a: !custom x", meta + "a: 1\na: 2", meta + "{{ .Spec.x }}: 1\n{{ .Spec.x }}: 2", meta + "a: .inf", meta + "? [x]\n: 1",
		meta + "a: &x {b: 1}\nc:\n  <<: *x",
		"just text", "- a", "kind: X", "apiVersion: v1", "apiVersion: a/b/c\nkind: X", "apiVersion: v1\nkind: 1", "apiVersion: 1\nkind: X",
		"apiVersion: v1\nkind: X", "apiVersion: v1\nkind: X\nmetadata: {name: a/b}", "apiVersion: v1\nkind: X\nmetadata: {name: 1}",
		"apiVersion: v1\nkind: X\nmetadata: {name: a, namespace: other}", "apiVersion: v1\nkind: X\nmetadata: {name: a, namespace: 1}",
		"apiVersion: v1\nkind: X\nmetadata: {name: a, labels: {a: true}}", "apiVersion: v1\nkind: X\nmetadata: {name: a, annotations: [a]}",
		"apiVersion: v1\nkind: List\nitems: []", "apiVersion: v1\nkind: PodList\nitems: []", meta + "---\n" + meta,
		meta + "data:\n  c.yaml: |\n    a: {{ .Spec.evil }}\n    b: 1", meta + "data:\n  c: |\n    a {{ .Spec.evil }}\n    b",
		meta + "a: {{ .Spec.evil }}\n b: {{ .Spec.x }}",
	}
	var b strings.Builder
	for _, text := range cases {
		s := newSet(t, map[string]string{"dir/a.yaml": text, "_p.tpl": `{{ define "p" }}{{ .Spec.gone }}{{ end }}`})
		_, err := s.Objects([]string{"dir/a.yaml"}, Context{Namespace: "files", Spec: map[string]any{"x": "value", "n": int64(1), "empty": "",
			"deep": map[string]any{"a": "b"}, "list": []any{"a"}, "null": nil, "evil": "SECRET: x\nSECRET"}}, Options{})
		if err == nil {
			t.Errorf("no error for %q", text)
			continue
		}
		if strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), tokenPrefix) {
			t.Errorf("the error shows a value or a token: %v", err)
		}
		b.WriteString(strings.TrimPrefix(text, meta) + "\n  => " + err.Error() + "\n\n")
	}
	golden(t, "testdata/errors.golden", b.String())
}

// Each message of New.
func TestNewErrors(t *testing.T) {
	_, err := New(map[string]string{
		"a.yaml": "a: {{ .Spec.x }\n", "b.yaml": "x\n  {{ now }}", "c.yaml": "{{ nonsense 1 }}", "d.yaml": "{{ if .x }}", "e.yaml": "{{ end }}",
		"f.yaml": "{{ env \"HOME\" }}", "g.yaml": "zqv0000001vqz", "h.yaml": `{{ define "twice" }}1{{ end }}`, "i.yaml": `{{ define "twice" }}2{{ end }}`,
		"j.yaml": "{{ getHostByName \"x\" }}", "k.yaml": "{{ shuffle \"x\" }}",
	})
	if err == nil {
		t.Fatal("no error")
	}
	_, refs := New(map[string]string{"a.yaml": "\n{{ template \"gone\" . }}{{ if (include \"gone2\" . | eq \"x\") }}\n{{ include \"gone3\" . | quote }}{{ end }}"})
	if refs == nil {
		t.Fatal("no error")
	}
	golden(t, "testdata/new-errors.golden", err.Error()+"\n\n"+refs.Error()+"\n")
}

func TestUnknownTemplate(t *testing.T) {
	s := newSet(t, map[string]string{"a.yaml": "", "_b.tpl": ""})
	_, err := s.Objects([]string{"c.yaml"}, Context{}, Options{})
	if err == nil || err.Error() != "c.yaml: there is no such template (templates are a.yaml)" {
		t.Errorf("%v", err)
	}
}
