package volumes

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
)

// size of the disk in bytes; what is not written takes no room.
const size = 32 << 30

// Mount makes the disk if there is none, mounts it if it is not mounted, and
// turns quotas on.
func Mount(ctx context.Context, c layout.Cluster) error {
	mounted, err := MountsBelow(c.Volumes())
	if err != nil {
		return err
	}
	if len(mounted) == 0 {
		if err := mount(ctx, c); err != nil {
			return err
		}
	}
	return shell.Run(ctx, "btrfs", "quota", "enable", c.Volumes())
}

func mount(ctx context.Context, c layout.Cluster) error {
	if err := format(ctx, c.VolumesImage()); err != nil {
		return fmt.Errorf("make the volumes' disk: %w", err)
	}
	if err := os.MkdirAll(c.Volumes(), 0o755); err != nil {
		return err
	}
	return shell.Run(ctx, "mount", "-t", "btrfs", "-o", "loop,noatime,discard=async", c.VolumesImage(), c.Volumes())
}

// format makes the image; one that is there is whole, and stays.
func format(ctx context.Context, image string) error {
	if _, err := os.Stat(image); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	part := image + ".part"
	file, err := os.Create(part)
	if err != nil {
		return err
	}
	err = file.Truncate(size)
	file.Close()
	if err != nil {
		return err
	}
	if err := shell.Run(ctx, "mkfs.btrfs", "--quiet", "--force", "--metadata", "single", part); err != nil {
		return err
	}
	return os.Rename(part, image)
}

// Unmount unmounts the disk and detaches its loop device. The nodes must be
// gone; a mount that stays busy for 5 s is taken out of sight and ends with
// its last user.
func Unmount(ctx context.Context, c layout.Cluster) error {
	for tries := 0; ; tries++ {
		mounted, err := MountsBelow(c.Volumes())
		if err != nil {
			return err
		}
		if len(mounted) == 0 {
			return detach(ctx, c.VolumesImage())
		}
		flags := 0
		if tries > 50 {
			flags = syscall.MNT_DETACH
		}
		if err := syscall.Unmount(mounted[0], flags); err != nil && !errors.Is(err, syscall.EBUSY) {
			return fmt.Errorf("unmount %s: %w", mounted[0], err)
		} else if err != nil {
			time.Sleep(100 * time.Millisecond)
		}
	}
}

// detach frees the loop devices of the image; normally its unmount has.
func detach(ctx context.Context, image string) error {
	files, err := filepath.Glob("/sys/block/loop*/loop/backing_file")
	if err != nil {
		return err
	}
	for _, file := range files {
		backing, err := os.ReadFile(file)
		if err != nil || strings.TrimSuffix(strings.TrimSpace(string(backing)), " (deleted)") != image {
			continue
		}
		device := "/dev/" + strings.Split(file, "/")[3]
		if err := shell.Run(ctx, "losetup", "--detach", device); err != nil {
			return err
		}
	}
	return nil
}
