package state

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMainFileAloneIsEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "controlplane.db")
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(d *Data) error {
		d.Settings = append(d.Settings, Setting{Key: "k", Value: "v"})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n := settings(t, path); n != 1 {
		t.Errorf("reopened: %d settings, want 1", n)
	}
	if err := os.Remove(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	if n := settings(t, path); n != 0 {
		t.Errorf("without -wal: %d settings, want 0", n)
	}
	if err := os.WriteFile(path, []byte("no database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil {
		t.Error("a file that is no database was opened")
	}
}

func settings(t *testing.T, path string) (n int) {
	t.Helper()
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	db.View(func(d *Data) { n = len(d.Settings) })
	return n
}
