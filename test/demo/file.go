package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/dittofs/dittofs-operator/test/internal/dittofs"
)

const (
	shareName = "export"
	fileSize  = 1 << 20
)

// share makes a share that anybody may write to.
func (d *demo) share(ctx context.Context) error {
	return d.server().API(ctx, func(api *dittofs.Client) error {
		return dittofs.MakeShare(ctx, api, shareName)
	})
}

// file writes random bytes over NFS, reads them back and compares.
func (d *demo) file(ctx context.Context) error {
	if err := dittofs.EnsureNFSClient(ctx); err != nil {
		return err
	}
	return d.server().Reach(ctx, "nfs", func(address string) error {
		// nfs-cp creates files and overwrites none, so each run writes its own.
		url, err := dittofs.URL(address, shareName, "hello-"+time.Now().Format("150405.000"))
		if err != nil {
			return err
		}
		return roundTrip(ctx, url)
	})
}

func roundTrip(ctx context.Context, url string) error {
	written := make([]byte, fileSize)
	if _, err := rand.Read(written); err != nil {
		return fmt.Errorf("draw random bytes: %w", err)
	}
	if err := dittofs.Write(ctx, url, written); err != nil {
		return err
	}
	read, err := dittofs.Read(ctx, url)
	if err != nil {
		return err
	}
	if !bytes.Equal(read, written) {
		return fmt.Errorf("%d bytes went in and %d others came out", len(written), len(read))
	}
	fmt.Printf("%d bytes went in, and the same came out\n", len(read))
	return nil
}

// server is the DittoFS of the demo.
func (d *demo) server() dittofs.Server {
	return dittofs.Server{Namespace: d.namespace, Name: d.name, Forward: !d.own}
}
