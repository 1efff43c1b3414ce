package build

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func key(t *testing.T, decides []string, dirs ...string) string {
	t.Helper()
	k, err := Key(decides, dirs...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKey(t *testing.T) {
	dir, flags := t.TempDir(), []string{"go1.26.8", "-trimpath"}
	write(t, dir, "main.go", "package main")
	write(t, dir, "go.sum", "a")
	first := key(t, flags, dir)

	write(t, dir, "README.md", "words")
	write(t, dir, "main_test.go", "package main")
	if key(t, flags, dir) != first {
		t.Error("a README or a test changed the key")
	}
	if key(t, []string{"go1.26.9", "-trimpath"}, dir) == first {
		t.Error("another compiler has the same key")
	}
	write(t, dir, "go.sum", "b")
	if key(t, flags, dir) == first {
		t.Error("another go.sum has the same key")
	}
	if _, err := Key(nil, filepath.Join(dir, "missing")); err == nil {
		t.Error("a missing folder has a key")
	}
}

func TestKeyDependsOnContentNotOnPlace(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	write(t, one, "main.go", "package main")
	write(t, two, "main.go", "package main")
	if key(t, nil, one) != key(t, nil, two) {
		t.Error("the folder's place is part of the key")
	}
}
