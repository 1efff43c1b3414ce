package layout

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// DefaultRoot is where clusters keep their state.
const DefaultRoot = "/var/lib/dittofs-operator-cluster"

// HostDir is where the clusters of all roots keep what they share: the record of
// what the machine was like before them. It need not outlive a reboot.
const HostDir = "/run/dittofs-operator-cluster"

// MaxNodes bounds a cluster; every node knows the routes to this many.
const MaxNodes = 8

// A Cluster is one cluster of this machine. Its fields are kept in cluster.json.
type Cluster struct {
	Root   string   `json:"-"` // folder of all clusters
	Name   string   `json:"name"`
	Slot   int      `json:"slot"`   // decides the addresses
	Nodes  int      `json:"nodes"`  // how many
	Kube   string   `json:"kube"`   // folder with the Kubernetes binaries
	Addons string   `json:"addons"` // folder with the addons binary
	Images []string `json:"images"` // tarballs that a node imports when it starts
}

var validName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,18}[a-z0-9]$`)

// CheckName says why a name cannot be a cluster's.
func CheckName(name string) error {
	if !validName.MatchString(name) {
		return fmt.Errorf("%q cannot be a cluster's name: 2 to 20 of a-z, 0-9 and -, starting with a letter", name)
	}
	return nil
}

// Load reads a cluster's record; found is false when there is none.
func Load(root, name string) (c Cluster, found bool, err error) {
	c = Cluster{Root: root, Name: name}
	raw, err := os.ReadFile(c.recordPath())
	if errors.Is(err, os.ErrNotExist) {
		return c, false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return c, false, fmt.Errorf("read %s: %w", c.recordPath(), err)
	}
	return c, true, nil
}

// Save keeps the record; it appears whole or not at all.
func (c Cluster) Save() error {
	if err := os.MkdirAll(c.Dir(), 0o755); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return WriteFile(c.recordPath(), append(raw, '\n'), 0o644)
}

func (c Cluster) recordPath() string { return filepath.Join(c.Dir(), "cluster.json") }

// WriteFile writes a file in one step, so that no reader and no crash sees half
// of it, making its folder when needed.
func WriteFile(path string, content []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, content, mode); err != nil {
		return err
	}
	return os.Rename(part, path)
}
