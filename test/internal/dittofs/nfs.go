package dittofs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/internal/command"
)

// URL names a file of a share for libnfs: NFSv3, everything on one port.
func URL(address, share, file string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("split %q: %w", address, err)
	}
	return fmt.Sprintf("nfs://%s/%s/%s?nfsport=%s&mountport=%[4]s&version=3", host, share, file, port), nil
}

// Write makes a file with nfs-cp, which overwrites none.
func Write(ctx context.Context, url string, content []byte) error {
	dir, err := os.MkdirTemp("", "dittofs-")
	if err != nil {
		return fmt.Errorf("make a folder for the file: %w", err)
	}
	defer os.RemoveAll(dir)
	local := filepath.Join(dir, "file")
	if err := os.WriteFile(local, content, 0o600); err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	fmt.Printf("nfs-cp %s '%s'\n", local, url)
	_, err = command.Output(ctx, "nfs-cp", local, url)
	return err
}

// Read returns what nfs-cat reads of a file.
func Read(ctx context.Context, url string) ([]byte, error) {
	fmt.Printf("nfs-cat '%s'\n", url)
	read, err := command.New(ctx, "nfs-cat", url).Output()
	if err != nil {
		return nil, fmt.Errorf("nfs-cat %s: %w", url, err)
	}
	return read, nil
}

// EnsureNFSClient installs nfs-cp and nfs-cat where they are missing and that is possible.
func EnsureNFSClient(ctx context.Context) error {
	if _, err := exec.LookPath("nfs-cp"); err == nil {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return errors.New("nfs-cp and nfs-cat are missing: install libnfs-utils")
	}
	if err := command.Stream(ctx, "apt-get", "update", "-qq"); err != nil {
		return err
	}
	return command.Stream(ctx, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "libnfs-utils")
}
