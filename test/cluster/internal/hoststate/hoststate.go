package hoststate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// settings are the files that a kubelet writes to.
var settings = []string{
	"/proc/sys/kernel/keys/root_maxbytes",
	"/proc/sys/kernel/keys/root_maxkeys",
	"/proc/sys/kernel/panic",
	"/proc/sys/kernel/panic_on_oops",
	"/proc/sys/vm/overcommit_memory",
	"/proc/sys/vm/panic_on_oom",
}

// A State is what the machine was like before the first cluster.
type State struct {
	Settings map[string]string `json:"settings"` // file -> content
	Folders  []string          `json:"folders"`  // that we made, parents first
}

func path(dir string) string { return filepath.Join(dir, "host.json") }

// Save remembers the machine's settings in dir and makes the folders, unless
// another cluster has done so before. The record is written before anything changes.
func Save(dir string, folders []string) error {
	state, err := read(dir)
	if err != nil {
		return err
	}
	if state.Settings == nil {
		state.Settings = map[string]string{}
		for _, name := range settings {
			if value, err := os.ReadFile(name); err == nil {
				state.Settings[name] = string(value)
			}
		}
	}
	for _, folder := range folders {
		for _, made := range missing(folder) {
			if !slices.Contains(state.Folders, made) {
				state.Folders = append(state.Folders, made)
			}
		}
	}
	raw, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return err
	}
	if err := layout.WriteFile(path(dir), raw, 0o644); err != nil {
		return err
	}
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// Restore puts everything back and forgets it. Folders that hold something by
// now stay.
func Restore(dir string) error {
	state, err := read(dir)
	if err != nil {
		return err
	}
	for name, value := range state.Settings {
		now, err := os.ReadFile(name)
		if err == nil && strings.TrimSpace(string(now)) != strings.TrimSpace(value) {
			err = os.WriteFile(name, []byte(value), 0)
		}
		if err != nil {
			return fmt.Errorf("restore %s: %w", name, err)
		}
	}
	for _, folder := range slices.Backward(state.Folders) {
		os.Remove(folder) // fails, as it should, unless it is empty
	}
	if err := os.Remove(path(dir)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func read(dir string) (State, error) {
	var state State
	raw, err := os.ReadFile(path(dir))
	if errors.Is(err, os.ErrNotExist) {
		return state, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &state)
	}
	if err != nil {
		return state, fmt.Errorf("read %s: %w", path(dir), err)
	}
	return state, nil
}

// missing lists the folders that making this one would make, parents first.
func missing(folder string) []string {
	if _, err := os.Stat(folder); err == nil || folder == "/" {
		return nil
	}
	return append(missing(filepath.Dir(folder)), folder)
}
