package btrfs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recorded is a pool whose btrfs commands are only written down.
func recorded(t *testing.T) (*Pool, *[]string) {
	var ran []string
	pool := &Pool{Root: t.TempDir()}
	pool.Run = func(_ context.Context, args ...string) error {
		ran = append(ran, strings.ReplaceAll(strings.Join(args, " "), pool.Root, "POOL"))
		return nil
	}
	return pool, &ran
}

func TestCreateLimitsTheNewVolume(t *testing.T) {
	pool, ran := recorded(t)
	path, err := pool.Create(t.Context(), "pvc-1", 1<<20)
	if err != nil || path != filepath.Join(pool.Root, "pvc-1") {
		t.Errorf("got %s, %v", path, err)
	}
	if want := []string{"subvolume create POOL/pvc-1", "qgroup limit 1048576 POOL/pvc-1"}; !slices.Equal(*ran, want) {
		t.Errorf("ran %q", *ran)
	}
}

func TestCreateAgainOnlyLimits(t *testing.T) {
	pool, ran := recorded(t)
	if err := os.Mkdir(filepath.Join(pool.Root, "pvc-1"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Create(t.Context(), "pvc-1", 5); err != nil {
		t.Fatal(err)
	}
	if want := []string{"qgroup limit 5 POOL/pvc-1"}; !slices.Equal(*ran, want) {
		t.Errorf("ran %q", *ran)
	}
}

func TestDeleteOfAGoneVolumeDoesNothing(t *testing.T) {
	pool, ran := recorded(t)
	if err := pool.Delete(t.Context(), "pvc-1"); err != nil || len(*ran) != 0 {
		t.Errorf("ran %q, %v", *ran, err)
	}
}

func TestNamesStayInThePool(t *testing.T) {
	pool, ran := recorded(t)
	for _, name := range []string{"", ".", "..", "../etc", "a/b", ".hidden", "/"} {
		_, create := pool.Create(t.Context(), name, 1)
		if create == nil || pool.Delete(t.Context(), name) == nil || pool.Limit(t.Context(), name, 1) == nil {
			t.Errorf("%q was taken for a name", name)
		}
	}
	if len(*ran) != 0 {
		t.Errorf("ran %q", *ran)
	}
}

func TestFailureNamesTheVolume(t *testing.T) {
	full := errors.New("no space")
	pool := &Pool{Root: t.TempDir(), Run: func(context.Context, ...string) error { return full }}
	if _, err := pool.Create(t.Context(), "pvc-1", 1); !errors.Is(err, full) || !strings.Contains(err.Error(), "pvc-1") {
		t.Errorf("err = %v", err)
	}
}
