package main

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

func parsed(t *testing.T, args ...string) target {
	t.Helper()
	t.Setenv("CLUSTER_ROOT", t.TempDir())
	flags, target := targetFlags("test")
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return target
}

func TestNameComesFromFlagOrEnvironment(t *testing.T) {
	t.Setenv("CLUSTER", "from-env")
	if got := *parsed(t).name; got != "from-env" {
		t.Errorf("got %s", got)
	}
	if got := *parsed(t, "--name", "from-flag").name; got != "from-flag" {
		t.Errorf("got %s", got)
	}
}

func TestCommandsOnAMissingClusterSayWhatToDo(t *testing.T) {
	if _, err := parsed(t, "--name", "nobody").existing(); err == nil || !strings.Contains(err.Error(), "start it with up") {
		t.Errorf("err = %v", err)
	}
}

func TestLockReadsWhatTheLastHolderLeft(t *testing.T) {
	target := parsed(t)
	c, found, held, err := target.lock(t.Context(), t.Logf)
	if err != nil || found {
		t.Fatalf("found %v, err %v", found, err)
	}
	c.Slot = 5
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	held.Release()
	c, found, held, err = target.lock(t.Context(), t.Logf)
	if err != nil || !found || c.Slot != 5 {
		t.Errorf("slot %d, found %v, err %v", c.Slot, found, err)
	}
	held.Release()
}

func TestPurgeRemovesTheFolder(t *testing.T) {
	c := layout.Cluster{Root: t.TempDir(), Name: "gone"}
	if err := errors.Join(c.Save(), purge(c)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("folder: %v", err)
	}
}

func TestTarballs(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.tar", "b.tar", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := tarballs("", dir)
	if want := []string{filepath.Join(dir, "a.tar"), filepath.Join(dir, "b.tar")}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestInternalCommandsAreThere(t *testing.T) {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	for _, want := range []string{"node-init", "node-run"} {
		if !slices.Contains(names, want) {
			t.Errorf("a node cannot start: no command %s", want)
		}
	}
}

func TestExitCode(t *testing.T) {
	for err, want := range map[error]int{nil: 0, flag.ErrHelp: 0, errors.New("broken"): 1} {
		if got := exitCode(err); got != want {
			t.Errorf("exitCode(%v) = %d", err, got)
		}
	}
}

func TestEnvInt(t *testing.T) {
	t.Setenv("NODES", "3")
	if got := envInt("NODES", 1); got != 3 {
		t.Errorf("got %d", got)
	}
	t.Setenv("NODES", "many")
	if got := envInt("NODES", 1); got != 1 {
		t.Errorf("got %d", got)
	}
}
