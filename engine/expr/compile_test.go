package expr

import (
	"errors"
	"strings"
	"testing"
)

func TestCompileErrors(t *testing.T) {
	cases := []struct{ src, want string }{
		{``, `the expression is empty`},
		{`spce.size > 1`, `column 1: unknown name "spce" (did you mean "spec"?)`},
		{`spec.size > 1 && other`, `column 18: unknown name "other" (known here: old, spec)`},
		{`spec.a.startWith('x')`, `column 17: unknown name "startWith" (did you mean "startsWith"?)`},
		{`1 + 'a'`, `column 3: operator + does not take (int, string)`},
		{`spec.a ==`, `column 10: the expression cannot be read: `},
		{"spec.a\n  && nope", `line 2, column 6: unknown name "nope"`},
		{`spec.a.matches('[')`, `column 16: invalid matches argument`},
		{strings.Repeat("(", 300) + "1" + strings.Repeat(")", 300), `expression`},
		{strings.Repeat("x", maxSource+1), `the expression is longer than 16384 bytes`},
	}
	for _, c := range cases {
		_, err := Compile(c.src, "spec", "old")
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.40s: error %v, want an *Error", c.src, err)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40s: %q, want %q", c.src, err, c.want)
		}
	}
}

func TestCompileWithoutVariables(t *testing.T) {
	if _, err := Compile(`spec`); err == nil || !strings.Contains(err.Error(), "no variables exist here") {
		t.Errorf("error %v", err)
	}
}

func TestProgramsAreCached(t *testing.T) {
	a, b := mustCompile(t, `spec.x`, "spec", "old"), mustCompile(t, `spec.x`, "old", "spec")
	if a != b {
		t.Error("the order of variables made a second program")
	}
	if c := mustCompile(t, `spec.x`, "spec"); c == a {
		t.Error("another set of variables shared the program")
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := cache{m: map[string]*Program{}}
	for i := range maxPrograms + 1 {
		c.put(strings.Repeat("x", i), &Program{})
	}
	if len(c.m) != 1 {
		t.Errorf("%d programs kept", len(c.m))
	}
}

func TestResultTypes(t *testing.T) {
	cases := []struct {
		src          string
		boolean, str bool
	}{
		{`1 + 1`, false, true}, {`'a'`, false, true}, {`spec.a`, true, true}, {`spec.a == 1`, true, true},
		{`[1]`, false, false}, {`spec.?a`, true, true}, {`optional.of(1)`, false, true}, {`{'a': 1}`, false, false},
	}
	for _, c := range cases {
		p := mustCompile(t, c.src, "spec")
		if p.CanBeBool() != c.boolean || p.CanBeString() != c.str {
			t.Errorf("%s: bool %v, string %v", p.Source(), p.CanBeBool(), p.CanBeString())
		}
	}
}
