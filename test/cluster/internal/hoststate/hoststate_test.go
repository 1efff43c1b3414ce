package hoststate

import (
	"os"
	"path/filepath"
	"testing"
)

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFoldersAndSettingsComeBack(t *testing.T) {
	root, machine := t.TempDir(), t.TempDir()
	setting := filepath.Join(machine, "panic")
	write(t, setting, "0\n")
	old := settings
	settings = []string{setting}
	t.Cleanup(func() { settings = old })

	cni, kubelet := filepath.Join(machine, "etc/cni"), filepath.Join(machine, "kubelet")
	for range 2 { // a second cluster must not save what the first one changed
		if err := Save(root, []string{cni, kubelet}); err != nil {
			t.Fatal(err)
		}
		write(t, setting, "10\n")
	}
	if !there(cni) || !there(kubelet) {
		t.Error("the folders were not made")
	}
	write(t, filepath.Join(kubelet, "foreign"), "")

	if err := Restore(root); err != nil {
		t.Fatal(err)
	}
	if there(cni) || there(filepath.Dir(cni)) {
		t.Error("a folder that was made is still there")
	}
	if !there(kubelet) {
		t.Error("a folder that is in use was removed")
	}
	if value, _ := os.ReadFile(setting); string(value) != "0\n" {
		t.Errorf("setting is %q", value)
	}
	if there(path(root)) || Restore(root) != nil {
		t.Error("the record is still there, or a second restore fails")
	}
}
