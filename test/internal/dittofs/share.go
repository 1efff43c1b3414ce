package dittofs

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/dittofs/dittofs-operator/test/internal/command"
)

const storeName = "tests"

// API calls use with a client that is logged in as the admin.
func (s Server) API(ctx context.Context, use func(*Client) error) error {
	password, err := s.password(ctx)
	if err != nil {
		return err
	}
	return s.Reach(ctx, "api", func(address string) error {
		api := &Client{base: "http://" + address + "/api/v1"}
		if err := api.Login(ctx, "admin", password); err != nil {
			return err
		}
		return use(api)
	})
}

// MakeShare makes a share that anybody may write to, with its two stores on the server's volume.
// What is there stays.
func MakeShare(ctx context.Context, api *Client, share string) error {
	for _, wanted := range []struct {
		collection, name string
		body             map[string]any
	}{
		{"/store/metadata", storeName, map[string]any{"name": storeName, "type": "badger", "config": `{"path":"/data/store/metadata/tests"}`}},
		{"/store/block/local", storeName, map[string]any{"name": storeName, "type": "fs", "config": `{"path":"/data/store/block/tests"}`}},
		{"/shares", share, map[string]any{
			"name": "/" + share, "metadata_store_id": storeName, "local_block_store": storeName,
			"local_store_size": "512MiB", "default_permission": "read-write",
		}},
	} {
		if err := api.ensure(ctx, wanted.collection, wanted.name, wanted.body); err != nil {
			return err
		}
	}
	// Root of a client stays root on this share, so that it can be written to however a test is run.
	return api.call(ctx, "PATCH", "/shares/"+share+"/adapters/nfs/config", map[string]any{"squash": "none"}, nil)
}

// password is the admin's, which the deploy plan has generated.
func (s Server) password(ctx context.Context) (string, error) {
	encoded, err := command.Output(ctx, "kubectl", "get", "secret", s.Name+"-admin", "-n", s.Namespace, "-o", "jsonpath={.data.password}")
	if err != nil {
		return "", err
	}
	password, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(password) == 0 {
		return "", fmt.Errorf("no key \"password\" in Secret %s-admin", s.Name)
	}
	return string(password), nil
}
