package nfsd

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHandleIndexOutlivesProcess(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "moved")
	touch := func(name string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	touch("d/new")
	touch("d/old") // made again after the rename
	x := newHandleIndex("root", dir, file)
	moved := x.id("d/old")
	x.rename("d/old", "d/new")
	again := x.id("d/old")
	if moved == again {
		t.Fatal("two files have one handle")
	}
	y := newHandleIndex("root", dir, file)
	for id, want := range map[handleID]string{moved: "d/new", again: "d/old"} {
		if got, ok := y.path(id); !ok || got != want {
			t.Errorf("got %q, %v; want %q", got, ok, want)
		}
	}
	y.drop("d/new")
	if _, ok := y.path(moved); ok {
		t.Error("a removed file has a handle")
	}
}

func TestSnifferSeesUmount(t *testing.T) {
	var seen []string
	s := Sniffer{OnUmount: func(share string) { seen = append(seen, share) }}
	call := []byte{
		0x80, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0x86, 0xa5, 0, 0, 0, 3, 0, 0, 0, 3,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, '/', 's', '1', 0,
	}
	s.Feed(call)
	for _, b := range call { // in pieces
		s.Feed([]byte{b})
	}
	if len(seen) != 2 || seen[0] != "/s1" || seen[1] != "/s1" {
		t.Errorf("seen %q", seen)
	}
}
