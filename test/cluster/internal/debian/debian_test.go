package debian

import (
	"slices"
	"testing"
)

func TestMissing(t *testing.T) {
	if got := Missing(func(string) bool { return true }); len(got) != 0 {
		t.Errorf("nothing is missing, but %q", got)
	}
	got := Missing(func(shows string) bool { return shows != "runc" && shows != "/usr/lib/cni/bridge" })
	if want := []string{"containernetworking-plugins", "runc"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
