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

func TestFoldersAndSettingsComeBack(t *testing.T) {
	root, machine := t.TempDir(), t.TempDir()
	setting := filepath.Join(machine, "panic")
	os.WriteFile(setting, []byte("0\n"), 0o644)
	old := settings
	settings = []string{setting}
	t.Cleanup(func() { settings = old })

	cni, kubelet := filepath.Join(machine, "etc/cni"), filepath.Join(machine, "kubelet")
	for range 2 { // a second cluster must not save what the first one changed
		if err := Save(root, []string{cni, kubelet}); err != nil {
			t.Fatal(err)
		}
		os.WriteFile(setting, []byte("10\n"), 0o644)
	}
	if !there(cni) || !there(kubelet) {
		t.Error("the folders were not made")
	}
	os.WriteFile(filepath.Join(kubelet, "foreign"), nil, 0o644)

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
