package volumes

import (
	"slices"
	"strings"
	"testing"
)

func TestMountsBelow(t *testing.T) {
	mountinfo := "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" +
		"40 22 0:50 / /s/a/volumes rw - btrfs /dev/loop0 rw\n" +
		"41 40 0:51 / /s/a/volumes/in\\040side rw - tmpfs none rw\n" +
		"42 22 0:52 / /s/a/volumes2 rw - btrfs /dev/loop1 rw\n"
	got := mountsBelow(strings.NewReader(mountinfo), "/s/a/volumes")
	if want := []string{"/s/a/volumes/in side", "/s/a/volumes"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := mountsBelow(strings.NewReader(mountinfo), "/t"); len(got) != 0 {
		t.Errorf("found %q", got)
	}
}
