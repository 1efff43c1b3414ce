package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	dittofs = top + "operator-package"
	lamp    = top + "engine/testdata/packages/lamp"
)

func TestVerify(t *testing.T) {
	out := mustRun(t, "package", "verify", dittofs)
	for _, want := range []string{"package dittofs ", "is fine (sha256:", "  DittoFS: ", " plans, "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

func TestVerifyNamesAllProblemsWithFileAndLine(t *testing.T) {
	dir := copyOf(t, lamp)
	edit(t, filepath.Join(dir, "lamp/plans.yaml"), "strategy: parallel", "strategy: paralel")
	edit(t, filepath.Join(dir, "lamp/tasks.yaml"), "kind: Toggle", "kind: Togle")
	_, _, err := run(t, "package", "verify", dir)
	if err == nil {
		t.Fatal("a broken package is fine")
	}
	for _, want := range []string{"lamp/plans.yaml:8:19: ", `"paralel"`, "lamp/tasks.yaml:", `"Togle"`, "did you mean"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}

func TestVerifyOfNoPackage(t *testing.T) {
	for path, want := range map[string]string{
		"nowhere":   "read package: stat nowhere: no such file",
		t.TempDir(): "operator.yaml",
		"main.go":   "package main.go has problems",
	} {
		if _, _, err := run(t, "package", "verify", path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("verify %s: %v, want %q", path, err, want)
		}
	}
}

func TestRenderOfSamples(t *testing.T) {
	files, err := filepath.Glob(top + "config/samples/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if name == "kustomization.yaml" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			out := mustRun(t, "package", "render", dittofs, "-f", file)
			golden(t, "testdata/samples/"+strings.TrimSuffix(name, ".yaml")+".golden", []byte(out))
			if again := mustRun(t, "package", "render", dittofs, "-f", file); again != out {
				t.Error("two renders differ")
			}
		})
	}
}

func TestRenderOfAChange(t *testing.T) {
	dir := t.TempDir()
	before, after := filepath.Join(dir, "before.yaml"), filepath.Join(dir, "after.yaml")
	resource := "apiVersion: lamps.example.org/v1\nkind: Lamp\nmetadata: {name: kitchen}\nspec: {socket: E27, color: "
	write(t, before, resource+"blue}\n")
	write(t, after, resource+"red}\n")
	out := mustRun(t, "package", "render", lamp, "-f", after, "--old", before, "--in-namespace", "home")
	for _, want := range []string{"# plan update (spec.color changed)", "# step change/lamp", "namespace: home"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if out := mustRun(t, "package", "render", lamp, "-f", after, "--old", after); out != "# nothing changes: no plan would run\n" {
		t.Errorf("no change renders\n%s", out)
	}
	if out := mustRun(t, "package", "render", lamp, "-f", after, "--deleted"); !strings.HasPrefix(out, "# plan cleanup (deleted)\n") {
		t.Errorf("a deletion renders\n%s", out)
	}
	if out := mustRun(t, "package", "render", lamp, "-f", after, "--plan", "resize"); !strings.HasPrefix(out, "# plan resize (asked for)\n") {
		t.Errorf("a named plan renders\n%s", out)
	}
}

func TestRenderRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ resource, want string }{
		"an unknown kind":   {"apiVersion: x/v1\nkind: Torch\nmetadata: {name: a}\n", `package lamp has no kind "Torch"`},
		"a refused spec":    {"apiVersion: lamps.example.org/v1\nkind: Lamp\nmetadata: {name: a}\nspec: {socket: E27, colour: red}\n", "colour"},
		"a key twice":       {"apiVersion: lamps.example.org/v1\nkind: Lamp\nkind: Lamp\n", `key "kind" already set`},
		"something else":    {"hello\n", "read "},
		"an unknown plan":   {"apiVersion: lamps.example.org/v1\nkind: Lamp\nmetadata: {name: a}\nspec: {socket: E27}\n", `Lamp has no plan "dance"`},
		"a name of no kind": {"apiVersion: lamps.example.org/v1\nkind: Lamp\nmetadata: {name: Not_A_Name}\nspec: {socket: E27}\n", "metadata.name must begin with a letter"},
	} {
		file := filepath.Join(dir, "resource.yaml")
		write(t, file, c.resource)
		out, _, err := run(t, "package", "render", lamp, "-f", file, "--plan", "dance")
		if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%s: %v, want %q; printed %q", name, err, c.want, out)
		}
	}
}

// copyOf copies a folder to a place where a test may change it.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func edit(t *testing.T, file, from, to string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), from) {
		t.Fatalf("%s holds no %q", file, from)
	}
	write(t, file, strings.Replace(string(data), from, to, 1))
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
