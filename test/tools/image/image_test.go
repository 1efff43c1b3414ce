package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// entries returns the content of every file in a tar.
func entries(t *testing.T, raw []byte) map[string]*tar.Header {
	t.Helper()
	all := map[string]*tar.Header{}
	for reader := tar.NewReader(bytes.NewReader(raw)); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all[header.Name] = header
	}
}

func build(t *testing.T, args ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.tar")
	o, err := parse(append([]string{"-o", out, "-t", "example.local/x:1"}, args...))
	if err == nil {
		err = run(o)
	}
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func program(t *testing.T, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prog")
	if err := os.WriteFile(path, []byte("#!"), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSameInputSameBytes(t *testing.T) {
	one, two := program(t, 0o755), program(t, 0o700)
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(two, later, later); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(build(t, "-entrypoint", "/prog", one), build(t, "-entrypoint", "/prog", two)) {
		t.Error("another time or umask gave another image")
	}
	if bytes.Equal(build(t, one), build(t, "-user", "65532", one)) {
		t.Error("another user gave the same image")
	}
}

func TestArchiveIsNamedOCILayout(t *testing.T) {
	raw := build(t, "-t", "example.local:5000/y", program(t, 0o755)+":/bin/prog")
	files := entries(t, raw)
	if files["oci-layout"] == nil {
		t.Error("no oci-layout file")
	}
	var index struct {
		Manifests []struct{ Annotations map[string]string }
	}
	if err := json.Unmarshal(content(t, raw, "index.json"), &index); err != nil || len(index.Manifests) != 2 {
		t.Fatalf("%d manifests, %v", len(index.Manifests), err)
	}
	if got := index.Manifests[0].Annotations["io.containerd.image.name"]; got != "example.local/x:1" {
		t.Errorf("first image is called %q", got)
	}
	if got := index.Manifests[1].Annotations["org.opencontainers.image.ref.name"]; got != "" {
		t.Errorf("a port was taken for tag %q", got)
	}
}

// content returns one file of a tar.
func content(t *testing.T, raw []byte, name string) []byte {
	t.Helper()
	for reader := tar.NewReader(bytes.NewReader(raw)); ; {
		header, err := reader.Next()
		if err != nil {
			t.Fatal(err)
		}
		if header.Name == name {
			got, err := io.ReadAll(reader)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
	}
}

func TestRootfsKeepsModesAndLinks(t *testing.T) {
	root := t.TempDir()
	if err := errors.Join(
		os.MkdirAll(filepath.Join(root, "bin"), 0o755),
		os.MkdirAll(filepath.Join(root, "tmp"), 0o755),
		os.Chmod(filepath.Join(root, "tmp"), 0o777|os.ModeSticky),
		os.Symlink("busybox", filepath.Join(root, "bin", "sh")),
	); err != nil {
		t.Fatal(err)
	}
	layer, err := makeLayer(filepath.Join(t.TempDir(), "l.tar"), func(tr *tree) error { return tr.add(root, "", true) })
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(layer.path)
	if err != nil {
		t.Fatal(err)
	}
	files := entries(t, raw)
	if files["bin/sh"] == nil || files["bin/sh"].Linkname != "busybox" {
		t.Errorf("bin/sh is %v", files["bin/sh"])
	}
	if files["tmp/"] == nil || files["tmp/"].Mode != 0o1777 {
		t.Errorf("tmp/ is %v", files["tmp/"])
	}
	if files["/"] != nil || files["./"] != nil || files[""] != nil {
		t.Error("the root itself is an entry")
	}
}

func TestMissingFlagsAreNamed(t *testing.T) {
	for want, args := range map[string][]string{
		"-o is missing": {"-t", "x:1", "f"},
		"-t is missing": {"-o", "x.tar", "f"},
		"empty":         {"-o", "x.tar", "-t", "x:1"},
		"NAME=VALUE":    {"-o", "x.tar", "-t", "x:1", "-env", "oops", "f"},
	} {
		if _, err := parse(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parse(%q): %v, want %q", args, err, want)
		}
	}
}
