package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
)

func newSet(t testing.TB, templates map[string]string) *Set {
	t.Helper()
	s, err := New(templates)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n"

// data renders body as the data of a ConfigMap.
func data(t testing.TB, body string, spec map[string]any) (any, error) {
	t.Helper()
	s := newSet(t, map[string]string{"a.yaml": head + body, "_p.tpl": partials})
	objs, err := s.Objects([]string{"a.yaml"}, Context{Name: "media", Namespace: "files", Spec: spec}, Options{})
	if err != nil {
		return nil, err
	}
	runtime.DeepCopyJSON(objs[0].Object) // panics on what unstructured cannot hold
	return objs[0].Object["data"], nil
}

const partials = `{{ define "name" }}{{ .Name }}-server{{ end }}
{{- define "labels" }}app: {{ .Name }}
x: {{ .Spec.x }}{{ end }}
{{- define "empty" }}{{ end }}
{{- define "x" }}{{ .Spec.x }}{{ end }}`

func TestScalars(t *testing.T) {
	odd := "it's \"odd\": {a} # \\ \n--- &x *y <<: true"
	cases := []struct {
		body string
		x    any
		want any
	}{
		{`  a: {{ .Spec.x }}`, odd, odd},
		{`  a: "{{ .Spec.x }}"`, odd, odd},
		{`  a: '{{ .Spec.x }}'`, odd, odd},
		{`  a: {{ .Spec.x | quote }}`, odd, odd},
		{`  a: {{ .Spec.x | squote }}`, odd, odd},
		{`  a: {{ toJson .Spec.x }}`, odd, odd},
		{`  a: {{ toYaml .Spec.x }}`, odd, odd},
		{`  a: {{ include "x" . }}`, odd, odd},
		{`  a: {{ include "x" . | quote }}`, odd, odd},
		{`  a: {{ printf "<%s>" .Spec.x }}`, odd, "<" + odd + ">"},
		{`  a: pre-{{ .Spec.x }}-post`, odd, "pre-" + odd + "-post"},
		{`  a: {{ .Spec.x | b64enc | b64dec }}`, odd, odd},
		{"  a: |\n{{ .Spec.x | indent 4 }}", "l1\nl2\n  l3", "l1\nl2\n  l3"},
		{"  a: |-\n    {{- .Spec.x | nindent 4 }}", "l1\nl2", "l1\nl2"},
		{`  a: {{ .Spec.x }}`, "true", "true"},
		{`  a: {{ .Spec.x }}`, "0x10", "0x10"},
		{`  a: {{ .Spec.x }}`, "", ""},
		{`  a: {{ .Spec.x }}`, int64(3), int64(3)},
		{`  a: {{ .Spec.x }}`, 1e6, int64(1000000)},
		{`  a: {{ .Spec.x }}`, 0.25, 0.25},
		{`  a: {{ .Spec.x }}`, true, true},
		{`  a: {{ .Spec.x | quote }}`, int64(3), "3"},
		{`  a: {{ .Spec.x | toString }}`, int64(3), "3"},
		{`  a: {{ .Spec.x }}m`, int64(500), "500m"},
		{`  a: {{ toYaml .Spec.x | nindent 4 }}`, map[string]any{"k: v": odd, "n": int64(1)}, map[string]any{"k: v": odd, "n": int64(1)}},
		{`  a: {{ toJson .Spec.x }}`, []any{odd, int64(1), nil, true}, []any{odd, int64(1), nil, true}},
		{`  a: '{{ toJson .Spec.x }}'`, map[string]any{"k": "it's \"x\""}, `{"k":"it's \"x\""}`},
		{`  a: 0644`, nil, int64(420)},
		{`  a: no`, nil, "no"},
		{`  a: 2024-01-02`, nil, "2024-01-02"},
		{`  a: {{ if eq .Spec.x "b" }}yes!{{ else }}no!{{ end }}`, "b", "yes!"},
		{`  a: {{ if include "empty" . }}full{{ else }}empty{{ end }}`, nil, "empty"},
		{`  a: {{ if include "x" . }}full{{ else }}empty{{ end }}`, "", "empty"},
		{`  a: {{ include "name" . | trunc 5 | trimSuffix "-" }}`, nil, "media"},
		{`  a: {{ if eq (include "name" .) "media-server" }}same{{ end }}`, nil, "same"},
		{`  a: {{ len (include "name" .) }}`, nil, int64(12)},
		{`  a: {{ include "name" . | sha256sum | trunc 4 }}`, nil, "716e"},
		{`  a: {{ .Spec.x | default "d" }} # {{ .Spec.x }}`, "", "d"},
		{`  a: {{ get .Spec "absent" | default 7 }}`, nil, int64(7)},
		{`  a: {{ keys .Spec.x | join "," }}`, map[string]any{"c": 1, "a": 1, "b": 1}, "a,b,c"},
		{`  a: {{ "{{ $labels.x }}" }}`, nil, "{{ $labels.x }}"},
		{`  a: {{ .Spec.x | upper | printf "%s:%d" | replace "A" "b" }}`, "a", "b:%!d(MISSING)"},
	}
	for _, c := range cases {
		t.Run(c.body, func(t *testing.T) {
			got, err := data(t, c.body, map[string]any{"x": c.x})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(map[string]any{"a": c.want}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	got, err := data(t, `{{ range $k, $v := .Spec.m }}
  {{ $k }}: {{ $v }}{{ end }}
  {{- include "labels" . | nindent 2 }}`, map[string]any{"m": map[string]any{"a: b": "1", "<<": "2"}, "x": "y: z"})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]any{"a: b": "1", "<<": "2", "app": "media", "x": "y: z"}, got); d != "" {
		t.Error(d)
	}
}

func TestEmbeddedTexts(t *testing.T) {
	conf := "  c.yaml: |\n    path: {{ .Spec.x }}\n    port: 80\n"
	cases := []struct{ body, x, want string }{
		{conf, "/data", "path: /data\nport: 80\n"},
		{conf, "a\nadmin: true", "REFUSED"},
		{conf, "{a: b}", "REFUSED"},
		{conf, "true", "REFUSED"},
		{conf, "x # y", "REFUSED"},
		{"  c.yaml: |\n    path: {{ .Spec.x | quote }}\n    port: 80", "a\nadmin: true", "path: \"a\\nadmin: true\"\nport: 80"},
		{"  c.yaml: |\n    path: {{ toJson .Spec.x }}\n    port: 80", "{\"", "path: \"{\\\"\"\nport: 80"},
		{"  c.yaml: |\n    {{- dict \"path\" .Spec.x \"port\" 80 | toYaml | nindent 4 }}\n", "a: b\n", "path: \"a: b\\n\"\nport: 80\n"},
		{"  c.yaml: |\n    ca: |\n{{ .Spec.x | indent 6 }}\n", "l1\nl2", "ca: |\n  l1\n  l2\n"},
		{"  c.json: '{\"a\": \"{{ .Spec.x }}\"}'", `x", "admin": "y`, "REFUSED"},
		{"  c.json: '{\"a\": \"{{ .Spec.x }}\"}'", `x`, `{"a": "x"}`},
		{"  c.json: '{\"a\": {{ toJson .Spec.x }}}'", `x", "admin": "y`, `{"a": "x\", \"admin\": \"y"}`},
		{"  c.ini: |\n    [a]\n    path = {{ .Spec.x }}\n", "a: {b", "[a]\npath = a: {b\n"},
		{"  c.ini: |\n    [a]\n    path = {{ .Spec.x }}\n", "a\nadmin = true", "REFUSED"},
		{"  c.yaml: |\n    a: !custom {{ .Spec.x }}\n    b: 1\n", "word", "a: !custom word\nb: 1\n"},
		{"  c.yaml: |\n    a: !custom {{ .Spec.x }}\n    b: 1\n", "w: x", "REFUSED"},
	}
	for _, c := range cases {
		t.Run(c.body+c.x, func(t *testing.T) {
			got, err := data(t, c.body, map[string]any{"x": c.x})
			if c.want == "REFUSED" {
				if err == nil || !strings.Contains(err.Error(), ".Spec.x") {
					t.Fatalf("%v, error %v; want a refusal that names .Spec.x", got, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range got.(map[string]any) {
				if v != c.want {
					t.Errorf("%q, want %q", v, c.want)
				}
			}
		})
	}
}

func TestText(t *testing.T) {
	s := newSet(t, map[string]string{"_p.tpl": partials})
	c := Context{Name: "media", Spec: map[string]any{"x": "a b/c", "n": int64(3), "evil": "a\nb"}}
	for text, want := range map[string]string{
		`{{ include "name" . }}-api`: "media-server-api", `plain`: "plain", ``: "", `{{ .Spec.n }}`: "3",
		`/v1/{{ .Spec.x | pathEscape }}`: "/v1/a%20b%2Fc", `{"a": {{ toJson .Spec.evil }}}`: `{"a": "a\nb"}`,
		`{{ .Spec.x | quote }}`: `"a b/c"`,
	} {
		if got, err := s.Text("tasks.yaml", text, c); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", text, got, err, want)
		}
	}
	if _, err := s.Text("path", `/v1/{{ .Spec.evil }}`, c); err == nil || err.Error() != "path: the value of .Spec.evil has a line break or another control character" {
		t.Errorf("control character: %v", err)
	}
	if _, err := s.Text("path", `{{ .Spec.gone }}`, c); err == nil || !strings.HasPrefix(err.Error(), "path:1:9: .Spec.gone: ") {
		t.Errorf("missing: %v", err)
	}
}

func TestValue(t *testing.T) {
	s := newSet(t, nil)
	c := Context{Spec: map[string]any{"x": "a\nadmin: true"}}
	got, err := s.Value("body", "name: {{ .Spec.x }}\nn: 1", c)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]any{"name": "a\nadmin: true", "n": int64(1)}, got); d != "" {
		t.Error(d)
	}
	if v, err := s.Value("body", "", c); v != nil || err != nil {
		t.Errorf("empty: %v, %v", v, err)
	}
	if _, err := s.Value("body", "a: 1\n---\nb: 2", c); err == nil {
		t.Error("two documents were taken")
	}
}

func TestRenderLeavesContextAlone(t *testing.T) {
	spec := map[string]any{"x": "a", "m": map[string]any{"k": "v"}}
	_, err := data(t, `  a: {{ set .Spec.m "k" "changed" | toJson | quote }}`, spec)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]any{"x": "a", "m": map[string]any{"k": "v"}}, spec); d != "" {
		t.Error(d)
	}
}

func TestOrderAndContext(t *testing.T) {
	obj := func(name string) string {
		return "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n"
	}
	s := newSet(t, map[string]string{
		"b.yaml": obj(`"{{ .Package.Version }}-{{ .Engine.Namespace }}"`) + "---\n# nothing\n" + obj("b2"),
		"a.yaml": obj("{{ .Plan }}-{{ .Step }}-{{ .Run }}") + obj("{{ .Refs.server.name }}-{{ .Outputs.o }}-{{ .Params.p }}-{{ .Object.kind | lower }}"),
		"e.yaml": "",
	})
	objs, err := s.Objects([]string{"b.yaml", "e.yaml", "a.yaml"}, Context{
		Plan: "deploy", Step: "s", Run: "r", Package: PackageInfo{Version: "1.2.3"}, Engine: EngineInfo{Namespace: "sys"},
		Refs: map[string]any{"server": map[string]any{"name": "srv"}}, Outputs: map[string]any{"o": "out"},
		Spec: map[string]any{"p": "par"}, Object: map[string]any{"kind": "X"},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range objs {
		got = append(got, o.GetName())
	}
	if d := cmp.Diff([]string{"1.2.3-sys", "b2", "deploy-s-r", "srv-out-par-x"}, got); d != "" {
		t.Error(d)
	}
}
