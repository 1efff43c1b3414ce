package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const fileSize = 1 << 20

// file writes random bytes over NFS, reads them back and compares.
func (d *demo) file(ctx context.Context) error {
	if err := ensureClient(ctx); err != nil {
		return err
	}
	return d.reach(ctx, "nfs", func(address string) error {
		// nfs-cp creates files and overwrites none, so each run writes its own.
		url, err := nfsURL(address, "hello-"+time.Now().Format("150405.000"))
		if err != nil {
			return err
		}
		return roundTrip(ctx, url)
	})
}

// nfsURL names a file of the share for libnfs: NFSv3, everything on one port.
func nfsURL(address, file string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("split %q: %w", address, err)
	}
	return fmt.Sprintf("nfs://%s/%s/%s?nfsport=%s&mountport=%[4]s&version=3", host, shareName, file, port), nil
}

func roundTrip(ctx context.Context, url string) error {
	dir, err := os.MkdirTemp("", "demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the file: %w", err)
	}
	defer os.RemoveAll(dir)
	written := make([]byte, fileSize)
	if _, err := rand.Read(written); err != nil {
		return fmt.Errorf("draw random bytes: %w", err)
	}
	local := filepath.Join(dir, "hello")
	if err := os.WriteFile(local, written, 0o600); err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	fmt.Printf("nfs-cp %s '%s'\n", local, url)
	if _, err := output(ctx, "nfs-cp", local, url); err != nil {
		return err
	}
	fmt.Printf("nfs-cat '%s'\n", url)
	read, err := command(ctx, "nfs-cat", url).Output()
	if err != nil {
		return fmt.Errorf("nfs-cat %s: %w", url, err)
	}
	if !bytes.Equal(read, written) {
		return fmt.Errorf("%d bytes went in and %d others came out", len(written), len(read))
	}
	fmt.Printf("%d bytes went in, and the same came out\n", len(read))
	return nil
}

// ensureClient installs the NFS client where it is missing and that is possible.
func ensureClient(ctx context.Context) error {
	if _, err := exec.LookPath("nfs-cp"); err == nil {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return errors.New("nfs-cp and nfs-cat are missing: install libnfs-utils")
	}
	return stream(ctx, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "libnfs-utils")
}
