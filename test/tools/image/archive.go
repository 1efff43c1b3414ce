package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// makeImage puts layers and configuration together.
func makeImage(o options, layers []v1.Layer) (v1.Image, error) {
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	for _, layer := range layers {
		var err error
		if img, err = mutate.Append(img, mutate.Addendum{Layer: layer, MediaType: types.OCIUncompressedLayer}); err != nil {
			return nil, err
		}
	}
	old, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	config := old.DeepCopy()
	config.OS, config.Architecture = "linux", o.arch
	config.Config = v1.Config{
		Entrypoint: o.entrypoint, Cmd: o.cmd, User: o.user, WorkingDir: o.workdir, Env: o.env, Labels: map[string]string{},
	}
	if !hasPath(o.env) {
		config.Config.Env = append([]string{defaultPath}, o.env...)
	}
	for _, label := range o.labels {
		name, value, _ := strings.Cut(label, "=")
		config.Config.Labels[name] = value
	}
	return mutate.ConfigFile(img, config)
}

func hasPath(env []string) bool {
	for _, e := range env {
		if strings.HasPrefix(e, "PATH=") {
			return true
		}
	}
	return false
}

// writeArchive writes the image as an OCI layout, once for each tag, into a tar
// file. out appears whole or not at all.
func writeArchive(img v1.Image, tags []string, temp, out string) error {
	dir := filepath.Join(temp, "layout")
	store, err := layout.Write(dir, empty.Index)
	if err != nil {
		return fmt.Errorf("start the OCI layout: %w", err)
	}
	for _, tag := range tags {
		if err := store.AppendImage(img, layout.WithAnnotations(names(tag))); err != nil {
			return fmt.Errorf("add %s to the OCI layout: %w", tag, err)
		}
	}
	part := out + ".part"
	defer os.Remove(part)
	if _, err := makeLayer(part, func(t *tree) error { return t.add(dir, "", false) }); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	return os.Rename(part, out)
}

// names are the annotations under which containerd and other readers find the
// image's reference and tag.
func names(tag string) map[string]string {
	all := map[string]string{"io.containerd.image.name": tag}
	if at := strings.LastIndex(tag, ":"); at > strings.LastIndex(tag, "/") {
		maps.Copy(all, map[string]string{"org.opencontainers.image.ref.name": tag[at+1:]})
	}
	return all
}
