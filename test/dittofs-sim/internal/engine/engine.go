package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/faults"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// Engine is the running server.
type Engine struct {
	Config  *config.Config
	DB      *state.Store
	Faults  *faults.Source
	Started time.Time

	scratch  string // for memory stores
	mu       sync.Mutex
	meta     map[string]*metaStore // by store id; deleted ones stay until the end
	shares   map[string]*Share     // by name
	adapters map[string]*adapter
	conns    map[string]*Client
	mounts   map[mountKey]Mount
	nextConn int
	busy     map[string]bool // shares with a snapshot in the making
	status   *statusCache
	jobs     *Jobs
}

// New opens stores and shares. The adapters are started by StartAdapters.
func New(cfg *config.Config, db *state.Store, f *faults.Source, dbPath string) (*Engine, error) {
	e := &Engine{
		Config: cfg, DB: db, Faults: f, Started: time.Now(),
		scratch: filepath.Join(filepath.Dir(dbPath), "memory"),
		meta:    map[string]*metaStore{}, shares: map[string]*Share{}, adapters: map[string]*adapter{},
		conns: map[string]*Client{}, mounts: map[mountKey]Mount{}, busy: map[string]bool{},
		status: newStatusCache(statusLifetime()), jobs: newJobs(),
	}
	_ = os.RemoveAll(e.scratch)
	var stores []state.StoreRow
	var shares []state.Share
	db.View(func(d *state.Data) {
		stores = append(stores, d.MetadataStores...)
		shares = append(shares, d.Shares...)
	})
	for i := range stores {
		if err := e.OpenMetadata(&stores[i]); err != nil {
			return nil, fmt.Errorf("failed to load metadata stores: failed to create metadata store %q: %w", stores[i].Name, err)
		}
	}
	for i := range shares {
		if err := e.LoadShare(&shares[i]); err != nil {
			fmt.Fprintf(os.Stdout, "{\"level\":\"WARN\",\"msg\":\"share not loaded\",\"share\":%q,\"error\":%q}\n", shares[i].Name, err)
		}
	}
	e.recoverSnapshots()
	e.rollBack()
	e.waitForRemotes()
	return e, nil
}

// statusLifetime is how long a status answer is kept; tests shorten it.
func statusLifetime() time.Duration {
	return environmentTime("DITTOFS_SIM_STATUS_CACHE", 5*time.Second)
}

// environmentTime reads a time from the environment.
func environmentTime(name string, standard time.Duration) time.Duration {
	if d := faults.Duration(os.Getenv(name)); d > 0 {
		return d
	}
	return standard
}

// Counts are the numbers that /health/ready shows.
func (e *Engine) Counts() (shares, stores int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.shares), len(e.meta)
}

// Jobs returns the background jobs of the block stores.
func (e *Engine) Jobs() *Jobs { return e.jobs }

// Close stops adapters and waits for snapshots.
func (e *Engine) Close() {
	e.stopAdapters()
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, m := range e.meta {
		m.close()
	}
}
