package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"

	"github.com/dittofs/dittofs-operator/test/internal/dittofs"
)

const (
	shareName = "export"
	// fileSize is more than one NFS call carries, and no multiple of a block.
	fileSize = 1<<20 + 17
)

func (n namespace) server(name string) dittofs.Server {
	return dittofs.Server{Namespace: string(n), Name: name}
}

func (n namespace) share(ctx context.Context, name string) error {
	return n.server(name).API(ctx, func(api *dittofs.Client) error {
		return dittofs.MakeShare(ctx, api, shareName)
	})
}

func (n namespace) write(ctx context.Context, name, file string) error {
	return n.server(name).Reach(ctx, "nfs", func(address string) error {
		url, err := dittofs.URL(address, shareName, file)
		if err != nil {
			return err
		}
		return dittofs.Write(ctx, url, n.content(name, file))
	})
}

// read compares; the address is the Service's where none is given.
func (n namespace) read(ctx context.Context, name, file, address string) error {
	compare := func(address string) error {
		url, err := dittofs.URL(address, shareName, file)
		if err != nil {
			return err
		}
		read, err := dittofs.Read(ctx, url)
		if err != nil {
			return err
		}
		if !bytes.Equal(read, n.content(name, file)) {
			return fmt.Errorf("%s of %s/%s: these %d bytes are not those that were written", file, n, name, len(read))
		}
		return nil
	}
	if address != "" {
		return compare(address)
	}
	return n.server(name).Reach(ctx, "nfs", compare)
}

// content is what a file must hold: nobody needs to keep it, and no two files are alike.
func (n namespace) content(name, file string) []byte {
	content := make([]byte, fileSize)
	_, _ = rand.NewChaCha8(sha256.Sum256([]byte(string(n) + "/" + name + "/" + file))).Read(content) // never fails
	return content
}
