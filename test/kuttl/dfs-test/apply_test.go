package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilledTakesTheEnvironmentAndNothingElse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "files.yaml")
	if err := os.WriteFile(file, []byte("metadata: {name: files}\nspec: {image: '${SOME_IMAGE}'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := filled(file); err == nil || !strings.Contains(err.Error(), "SOME_IMAGE") {
		t.Errorf("got %q, %v, want an error that names the variable", got, err)
	}
	t.Setenv("SOME_IMAGE", "a/b:v1")
	got, err := filled(file)
	if err != nil || !strings.Contains(got, "image: 'a/b:v1'") {
		t.Errorf("got %q, %v", got, err)
	}
	if name, err := nameIn(file); err != nil || name != "files" {
		t.Errorf("name %q, %v, want files", name, err)
	}
}

func TestNoTwoFilesAreAlike(t *testing.T) {
	seen := map[string]bool{}
	for _, at := range []struct {
		n          namespace
		name, file string
	}{{"a", "files", "hello"}, {"b", "files", "hello"}, {"a", "more", "hello"}, {"a", "files", "other"}, {"a", "files", "hello"}} {
		seen[string(at.n.content(at.name, at.file))] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d different contents of 4 files", len(seen))
	}
}
