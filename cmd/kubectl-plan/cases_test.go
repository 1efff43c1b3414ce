package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCasesOfThePackage(t *testing.T) {
	args := []string{"package", "test", dittofs}
	if *update {
		args = append(args, "--update")
	}
	out, _, err := run(t, args...)
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	cases, _ := filepath.Glob(filepath.Join(dittofs, "tests", "*.yaml"))
	if n := strings.Count(out, "ok   "); n != len(cases) || n == 0 {
		t.Errorf("%d of %d cases are ok", n, len(cases))
	}
}

func TestCaseThatChanged(t *testing.T) {
	dir := copyOf(t, lamp)
	mustRun(t, "package", "test", dir, "--update")
	mustRun(t, "package", "test", dir)
	edit(t, filepath.Join(dir, "tests/blue.yaml"), "color: blue", "color: red")
	out, _, err := run(t, "package", "test", dir)
	if err == nil || !strings.Contains(err.Error(), "1 of 1 cases failed") || !strings.Contains(out, "red") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestCaseOfAChange(t *testing.T) {
	dir := copyOf(t, lamp)
	write(t, filepath.Join(dir, "tests/red.yaml"), "name: from blue to red\nkind: Lamp\nspec: {socket: E27, color: red}\nold: {socket: E27, color: blue}\n")
	mustRun(t, "package", "test", dir, "--update")
	data, err := os.ReadFile(filepath.Join(dir, "tests/red.golden"))
	if err != nil || !strings.HasPrefix(string(data), "# plan update (spec.color changed)\n") || strings.Contains(string(data), "# plan cleanup") {
		t.Errorf("%v\n%s", err, data)
	}
}

func TestCasesThatCannotRun(t *testing.T) {
	for text, want := range map[string]string{
		"kind: Lamp\nspec: {socket: E27}\n":                "nothing is recorded in",
		"kind: Torch\nspec: {}\n":                          `no kind "Torch"`,
		"kind: Lamp\nspec: {socket: E27}\nexpect: light\n": `unknown field "expect"`,
		"kind: Lamp\nspec: {socket: E26, glow: 1}\n":       "glow",
	} {
		dir := copyOf(t, lamp)
		write(t, filepath.Join(dir, "tests/case.yaml"), text)
		if out, _, err := run(t, "package", "test", dir); err == nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v, want %q in\n%s", text, err, want, out)
		}
	}
	dir := copyOf(t, lamp)
	if err := os.RemoveAll(filepath.Join(dir, "tests")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := run(t, "package", "test", dir); err == nil || !strings.Contains(err.Error(), "has no cases") {
		t.Errorf("a package without cases: %v", err)
	}
}
