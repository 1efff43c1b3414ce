package build

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBusyboxRoot(t *testing.T) {
	root := t.TempDir()
	if err := busyboxRoot(root, []string{"busybox", "sh", "nc"}); err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(filepath.Join(root, "bin/sh")); target != "busybox" || err != nil {
		t.Errorf("bin/sh -> %q, %v", target, err)
	}
	if exists(filepath.Join(root, "bin/busybox")) {
		t.Error("a link stands where the binary goes")
	}
	info, err := os.Stat(filepath.Join(root, "tmp"))
	if err != nil || info.Mode()&os.ModeSticky == 0 || info.Mode().Perm() != 0o777 {
		t.Errorf("tmp has mode %v, %v", info.Mode(), err)
	}
}
