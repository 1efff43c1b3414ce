package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
)

// Names of the images that every node has.
const (
	PauseImage   = "dittofs.local/pause:1"
	AddonsImage  = "dittofs.local/addons:1"
	BusyboxImage = "docker.io/library/busybox:stable"
)

// busybox is where Debian's busybox-static has its one binary.
const busybox = "/bin/busybox"

// Images returns the folder with the tarballs that every node imports.
func (b *Builder) Images(ctx context.Context) (string, error) {
	tool, err := b.imageTool(ctx)
	if err != nil {
		return "", err
	}
	pause, err := b.pause(ctx)
	if err != nil {
		return "", err
	}
	addons, err := b.Addons(ctx)
	if err != nil {
		return "", err
	}
	box, err := os.ReadFile(busybox)
	if err != nil {
		return "", fmt.Errorf("read busybox (package busybox-static): %w", err)
	}
	key, err := Key([]string{tool, pause, addons, string(box)})
	if err != nil {
		return "", err
	}
	return b.Ensure(ctx, "images", key, func(dir string) error {
		for _, args := range [][]string{
			{"-o", dir + "/pause.tar", "-t", PauseImage, "-entrypoint", "/pause", pause},
			{"-o", dir + "/addons.tar", "-t", AddonsImage, "-entrypoint", "/addons", addons + "/addons"},
		} {
			if err := shell.Run(ctx, tool, args...); err != nil {
				return err
			}
		}
		return busyboxImage(ctx, tool, dir+"/busybox.tar")
	})
}

// busyboxImage writes an image with busybox under each of its names.
func busyboxImage(ctx context.Context, tool, out string) error {
	root, err := os.MkdirTemp("", "busybox-rootfs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	names, err := shell.Output(ctx, nil, busybox, "--list")
	if err != nil {
		return err
	}
	if err := busyboxRoot(root, strings.Fields(names)); err != nil {
		return fmt.Errorf("lay out the busybox image: %w", err)
	}
	return shell.Run(ctx, tool, "-o", out, "-t", BusyboxImage, "-cmd", "sh",
		"-env", "PATH=/bin:/usr/bin", "-rootfs", root, busybox+":/bin/busybox")
}

// busyboxRoot makes the folders, links and account files of that image.
func busyboxRoot(root string, names []string) error {
	for dir, mode := range map[string]os.FileMode{
		"": 0o755, "bin": 0o755, "etc": 0o755, "home": 0o755, "root": 0o700, "usr/bin": 0o755, "tmp": 0o777 | os.ModeSticky,
	} {
		path := filepath.Join(root, dir)
		if err := os.MkdirAll(path, 0o755); err != nil {
			return err
		}
		if err := os.Chmod(path, mode); err != nil {
			return err
		}
	}
	for _, name := range names {
		if name == "busybox" {
			continue
		}
		if err := os.Symlink("busybox", filepath.Join(root, "bin", name)); err != nil {
			return err
		}
	}
	accounts := "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/sh\n"
	if err := os.WriteFile(filepath.Join(root, "etc/passwd"), []byte(accounts), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "etc/group"), []byte("root:x:0:\nnogroup:x:65534:\n"), 0o644)
}
