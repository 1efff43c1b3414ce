package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/faults"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// TestRollBack plays a process that died in the middle of a restore.
func TestRollBack(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "cp", "controlplane.db")
	rows := state.Data{
		MetadataStores: []state.StoreRow{{ID: "m", Name: "m", Type: "badger", Config: map[string]any{"path": filepath.Join(dir, "m")}}},
		BlockStores:    []state.StoreRow{{ID: "l", Name: "l", Kind: "local", Type: "fs", Config: map[string]any{"path": filepath.Join(dir, "l")}}},
		Shares:         []state.Share{{ID: "s", Name: "/s", MetadataStoreID: "m", LocalBlockStoreID: "l", Private: &state.Private{}}},
	}
	e := open(t, path, func(d *state.Data) { *d = rows })
	s := e.Share("/s")
	write(t, filepath.Join(s.Dir(), "a"), "before")
	if snap := e.makeSnapshot(context.Background(), s, "safety", true); snap.State != "ready" {
		t.Fatal(snap.Error)
	}
	write(t, filepath.Join(s.Dir(), "a"), "half restored")
	root := s.export.Load().Root
	e.Close()

	e = open(t, path, func(d *state.Data) {
		d.RestoreMarkers = []state.RestoreMarker{{Share: "/s", SafetyID: "safety"}}
	})
	defer e.Close()
	s = e.Share("/s")
	if got, _ := os.ReadFile(filepath.Join(s.Dir(), "a")); string(got) != "before" || s.export.Load().Root != root {
		t.Errorf("content %q, root kept: %v", got, s.export.Load().Root == root)
	}
	e.DB.View(func(d *state.Data) {
		if len(d.RestoreMarkers) != 0 {
			t.Error("the marker is still there")
		}
	})
}

func open(t *testing.T, path string, prepare func(d *state.Data)) *Engine {
	t.Helper()
	db, err := state.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(d *state.Data) error { prepare(d); return nil }); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(cfg, db, faults.NewSource(""), path)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
