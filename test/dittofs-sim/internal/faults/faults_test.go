package faults

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestControlFileReplacesEnvironment(t *testing.T) {
	t.Setenv("DITTOFS_SIM_API", "503")
	file := filepath.Join(t.TempDir(), "control.json")
	s := NewSource(file)
	if got := s.Get(); got.API != "503" {
		t.Errorf("environment: %+v", got)
	}
	if err := os.WriteFile(file, []byte(`{"no_listen":"smb, nfs"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.Get(); got.API != "" || !got.Blocks("nfs") || got.Blocks("ftp") {
		t.Errorf("control file: %+v", got)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if got := s.Get(); got.API != "503" {
		t.Errorf("control file removed: %+v", got)
	}
	if Duration("2s") != 2*time.Second || Duration("nonsense") != 0 {
		t.Error("Duration")
	}
}
