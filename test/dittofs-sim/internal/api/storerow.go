package api

import (
	"encoding/json"
	"slices"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

const masked = "********"

var secretKeys = []string{"secret_access_key", "password"}

// storeInput is the body of store requests; config is JSON in a string.
type storeInput struct {
	Name   string  `json:"name"`
	Type   string  `json:"type"`
	Config *string `json:"config"`
}

func (in *storeInput) required() error {
	switch {
	case in.Name == "":
		return problem.BadRequest("Store name is required")
	case in.Type == "":
		return problem.BadRequest("Store type is required")
	}
	return nil
}

// parseConfig reads the config string; nil stays nil.
func (in *storeInput) parseConfig() (map[string]any, error) {
	if in.Config == nil || *in.Config == "" {
		return nil, nil
	}
	var out map[string]any
	err := json.Unmarshal([]byte(*in.Config), &out)
	return out, err
}

// change writes what was given into the row.
func (in *storeInput) change(row *state.StoreRow, config map[string]any) {
	if in.Type != "" {
		row.Type = in.Type
	}
	if config != nil {
		keepSecrets(config, row.Config)
		row.Config = config
	}
}

// keepSecrets puts stored secrets where the caller sent the mask back.
func keepSecrets(next, stored map[string]any) {
	for _, key := range secretKeys {
		if next[key] == masked {
			next[key] = stored[key]
		}
	}
}

// storeView is a store as the API shows it; a config that was never given is
// left out, an empty one is not.
type storeView struct {
	state.StoreRow
	Config *map[string]any `json:"config,omitempty"`
	Status engine.Status   `json:"status"`
}

func newStoreView(row state.StoreRow, status engine.Status) storeView {
	view := storeView{StoreRow: row, Status: status}
	if row.Config == nil {
		return view
	}
	shown := map[string]any{}
	for key, v := range row.Config {
		if slices.Contains(secretKeys, key) {
			v = masked
		}
		shown[key] = v
	}
	view.Config = &shown
	return view
}

type healthView struct {
	Healthy   bool   `json:"healthy"`
	LatencyMS int64  `json:"latency_ms"`
	CheckedAt any    `json:"checked_at"`
	Details   string `json:"details"`
}

func newHealthView(s engine.Status, details string) healthView {
	return healthView{s.Status == engine.Healthy, s.LatencyMS, s.CheckedAt, details}
}

func byStoreName(kind, name string) func(*state.StoreRow) bool {
	return func(s *state.StoreRow) bool { return s.Kind == kind && s.Name == name }
}

// byStoreRef finds a store by name or id.
func byStoreRef(kind, ref string) func(*state.StoreRow) bool {
	return func(s *state.StoreRow) bool { return s.Kind == kind && (s.Name == ref || s.ID == ref) }
}

// storeUsed tells whether a share refers to the store.
func storeUsed(d *state.Data, id string) bool {
	return state.Find(d.Shares, func(s *state.Share) bool {
		return s.MetadataStoreID == id || s.LocalBlockStoreID == id || deref(s.RemoteStoreID) == id
	}) != nil
}
