package expr

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var sample = Vars{"object": map[string]any{
	"kind":     "StatefulSet",
	"spec":     map[string]any{"replicas": int64(3), "weight": 0.5, "storage": "10Gi"},
	"status":   map[string]any{"ready": json.Number("3"), "load": json.Number("1.5"), "conditions": []any{map[string]any{"type": "Ready", "status": "True"}}},
	"empty":    map[string]any{},
	"nothing":  nil,
	"endpoint": "http://media.example:8080/x",
}}

func TestValue(t *testing.T) {
	cases := map[string]any{
		`object.spec.replicas`:                            int64(3),
		`object.spec.weight`:                              0.5,
		`object.status.ready + 1`:                         int64(4),
		`object.status.load`:                              1.5,
		`object.status.ready == object.spec.replicas`:     true,
		`object.spec.replicas > 2.5`:                      true,
		`object.status.conditions.map(c, c.type)`:         []any{"Ready"},
		`object.nothing`:                                  nil,
		`object.empty`:                                    map[string]any{},
		`{"a": [1, 2u, 1.5, "x", null, true]}`:            map[string]any{"a": []any{int64(1), int64(2), 1.5, "x", nil, true}},
		`object.?spec.?storage`:                           "10Gi",
		`object.?missing.orValue(7)`:                      int64(7),
		`b'hi'`:                                           "aGk=",
		`duration('90s')`:                                 "1m30s",
		`timestamp('2024-01-02T03:04:05Z')`:               "2024-01-02T03:04:05Z",
		`quantity('1Gi').isGreaterThan(quantity('1000'))`: true,
		`quantity('1Gi')`:                                 "1Gi",
		`url(object.endpoint).getHost()`:                  "media.example:8080",
		`'v0.29.1'.find('[0-9]+')`:                        "0",
		`'v0.29.1'.findAll('[0-9]+')`:                     []any{"0", "29", "1"},
		`'a-b'.split('-')`:                                []any{"a", "b"},
		`[1, 2, 3].sum()`:                                 int64(6),
		`math.greatest(1, 2)`:                             int64(2),
		`lists.range(3)`:                                  []any{int64(0), int64(1), int64(2)},
		`regex.replace('abc', 'b', 'x')`:                  "axc",
		`object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')`: true,
	}
	for src, want := range cases {
		t.Run(src, func(t *testing.T) {
			got, ok, err := mustCompile(t, src, "object").Value(sample)
			if err != nil || !ok {
				t.Fatalf("ok %v, error %v", ok, err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestOptionalNone(t *testing.T) {
	p := mustCompile(t, `object.?absent.?deeper`, "object")
	if v, ok, err := p.Value(sample); v != nil || ok || err != nil {
		t.Errorf("Value = %v, %v, %v", v, ok, err)
	}
	if _, err := p.Bool(sample); !IsMissing(err) {
		t.Errorf("Bool of none: %v", err)
	}
	if _, err := p.String(sample); !IsMissing(err) {
		t.Errorf("String of none: %v", err)
	}
}

func TestIsMissing(t *testing.T) {
	cases := map[string]bool{
		`object.absent`:                       true,
		`object.absent.deeper == 1`:           true,
		`object.empty.x.y`:                    true,
		`object.empty['x']`:                   true,
		`object.status.conditions[3].type`:    true,
		`object.nothing.deeper`:               true,
		`object.kind + 1 == 2`:                false,
		`object.kind.deeper`:                  true,
		`1 / 0 == 1`:                          false,
		`object.status.conditions[0].nothing`: true,
	}
	for src, want := range cases {
		_, _, err := mustCompile(t, src, "object").Value(sample)
		if err == nil {
			t.Errorf("%s: no error", src)
			continue
		}
		if IsMissing(err) != want {
			t.Errorf("%s: IsMissing = %v, want %v: %v", src, !want, want, err)
		}
	}
	if _, err := mustCompile(t, `object.kind == 'x'`, "object").Bool(Vars{}); !IsMissing(err) {
		t.Errorf("unset variable: %v", err)
	}
}

func TestString(t *testing.T) {
	cases := map[string]string{
		`object.kind`: "StatefulSet", `object.spec.replicas`: "3", `object.spec.weight`: "0.5",
		`true`: "true", `1e21`: "1000000000000000000000", `object.?kind`: "StatefulSet", `''`: "",
	}
	for src, want := range cases {
		got, err := mustCompile(t, src, "object").String(sample)
		if err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", src, got, err, want)
		}
	}
	_, err := mustCompile(t, `object.spec`, "object").String(sample)
	if err == nil || !strings.Contains(err.Error(), `evaluate "object.spec": it yields a value of type map`) {
		t.Errorf("map as a string: %v", err)
	}
}

func TestBool(t *testing.T) {
	if b, err := mustCompile(t, `object.spec.replicas == 3`, "object").Bool(sample); err != nil || !b {
		t.Errorf("Bool = %v, %v", b, err)
	}
	_, err := mustCompile(t, `object.kind`, "object").Bool(sample)
	if err == nil || err.Error() != `evaluate "object.kind": it yields a value of type string, want true or false` {
		t.Errorf("string as a bool: %v", err)
	}
}

func TestNoExpressionHangs(t *testing.T) {
	big := make([]any, 2000)
	for i := range big {
		big[i] = int64(i)
	}
	for _, src := range []string{
		`l.all(a, l.all(b, l.all(c, a + b + c >= 0)))`,
		`lists.range(9999).map(a, lists.range(9999)).size() > 0`,
		`'xxxxxxxxxxxxxxxx'.replace('x', 'yyyyyyyyyyyyyyyy').replace('y', 'zzzzzzzzzzzzzzzzzzz').size() > 0 && l.map(a, l.map(b, 'x')).size() > 0`,
	} {
		_, err := mustCompile(t, src, "l").Bool(Vars{"l": big})
		if !errors.Is(err, ErrTooCostly) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestContextStopsEvaluation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := make([]any, 1000)
	for i := range l {
		l[i] = int64(i)
	}
	p := mustCompile(t, `l.all(a, a >= 0)`, "l")
	if b, err := p.Bool(Vars{"l": l}); err != nil || !b {
		t.Fatalf("without context: %v, %v", b, err)
	}
	if _, err := p.With(ctx).Bool(Vars{"l": l}); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("cancelled: %v", err)
	}
}

func TestValueSharesNothing(t *testing.T) {
	v, _, err := mustCompile(t, `object.spec`, "object").Value(sample)
	if err != nil {
		t.Fatal(err)
	}
	v.(map[string]any)["replicas"] = "changed"
	if sample["object"].(map[string]any)["spec"].(map[string]any)["replicas"] != int64(3) {
		t.Error("the result is an alias of the variable")
	}
}

func mustCompile(t *testing.T, src string, vars ...string) *Program {
	t.Helper()
	p, err := Compile(src, vars...)
	if err != nil {
		t.Fatalf("compile %s: %v", src, err)
	}
	return p
}
