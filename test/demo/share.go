package main

import (
	"context"
	"encoding/base64"
	"fmt"
)

const (
	storeName = "demo"
	shareName = "export"
)

// share makes a share that anybody may write to, with its two stores on the server's volume.
func (d *demo) share(ctx context.Context) error {
	password, err := d.password(ctx)
	if err != nil {
		return err
	}
	return d.reach(ctx, "api", func(address string) error {
		api := &client{base: "http://" + address + "/api/v1"}
		if err := api.login(ctx, "admin", password); err != nil {
			return err
		}
		return makeShare(ctx, api)
	})
}

func makeShare(ctx context.Context, api *client) error {
	for _, wanted := range []struct {
		collection, name string
		body             map[string]any
	}{
		{"/store/metadata", storeName, map[string]any{"name": storeName, "type": "badger", "config": `{"path":"/data/store/metadata/demo"}`}},
		{"/store/block/local", storeName, map[string]any{"name": storeName, "type": "fs", "config": `{"path":"/data/store/block/demo"}`}},
		{"/shares", shareName, map[string]any{
			"name": "/" + shareName, "metadata_store_id": storeName, "local_block_store": storeName,
			"local_store_size": "512MiB", "default_permission": "read-write",
		}},
	} {
		if err := api.ensure(ctx, wanted.collection, wanted.name, wanted.body); err != nil {
			return err
		}
	}
	// Root of a client stays root on this share, so that the demo can write however it is run.
	return api.call(ctx, "PATCH", "/shares/"+shareName+"/adapters/nfs/config", map[string]any{"squash": "none"}, nil)
}

// password is the admin's, which the deploy plan has generated.
func (d *demo) password(ctx context.Context) (string, error) {
	encoded, err := output(ctx, "kubectl", "get", "secret", d.name+"-admin", "-n", d.namespace, "-o", "jsonpath={.data.password}")
	if err != nil {
		return "", err
	}
	password, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(password) == 0 {
		return "", fmt.Errorf("no key \"password\" in Secret %s-admin", d.name)
	}
	return string(password), nil
}
