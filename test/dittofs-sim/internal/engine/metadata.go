package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// metaStore is an opened metadata store. It only knows one thing per share:
// the id of the root directory. When it is lost, a share begins again with a
// new, empty root, which is how loss of metadata looks to a client.
type metaStore struct {
	row  state.StoreRow
	lock *os.File
	mu   sync.Mutex
	// roots of stores without a file
	memory map[string]string
}

// OpenMetadata opens the store of a row.
func (e *Engine) OpenMetadata(row *state.StoreRow) error {
	m, err := openMetadata(row)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.meta[row.ID] = m
	return nil
}

// ProbeMetadata opens and closes the store of a row, to see whether it can be
// created.
func (e *Engine) ProbeMetadata(row *state.StoreRow) error {
	m, err := openMetadata(row)
	if err == nil {
		m.close()
	}
	return err
}

func openMetadata(row *state.StoreRow) (*metaStore, error) {
	m := &metaStore{row: *row, memory: map[string]string{}}
	switch row.Type {
	case "memory":
		return m, nil
	case "sqlite":
		return m, openSQLite(row.Path())
	case "badger":
		return m, m.openBadger()
	case "postgres":
		return m, openPostgres(row.Config)
	}
	return nil, fmt.Errorf("unsupported metadata store type: %s", row.Type)
}

func openSQLite(path string) error {
	if path == "" {
		return errors.New("sqlite metadata store requires path as string")
	}
	return os.MkdirAll(filepath.Dir(path), 0o750)
}

func (m *metaStore) openBadger() error {
	path := m.row.Path()
	if path == "" {
		return errors.New("badger metadata store requires path as string")
	}
	for _, key := range []string{"block_cache_mb", "index_cache_mb"} {
		if n, ok := m.row.Config[key].(float64); ok && n < 0 {
			return fmt.Errorf("badger metadata store %s must be >= 0 (0 = auto), got %v", key, n)
		}
	}
	if err := os.MkdirAll(path, 0o750); err != nil && !errors.Is(err, syscall.ENOTDIR) && !errors.Is(err, syscall.EEXIST) {
		return fmt.Errorf("failed to open BadgerDB at %s: Error Creating Dir: %q error: %w", path, path, err)
	}
	lock, err := os.OpenFile(filepath.Join(path, "LOCK"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("failed to open BadgerDB at %s: Cannot write pid file %q error: %w", path, filepath.Join(path, "LOCK"), err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		return lockedError(path, err)
	}
	m.lock = lock
	return checkManifest(path)
}

func lockedError(path string, err error) error {
	return fmt.Errorf("metadata store at %s is locked by another process — a DittoFS server is almost certainly already "+
		"running against this data directory. Stop it ('dfs stop', or kill the running dfs) before starting another, or point "+
		"this share at a different db_path: Cannot acquire directory lock on %q.  Another process is using this Badger "+
		"database. error: %w", path, path, err)
}

func checkManifest(path string) error {
	file := filepath.Join(path, "MANIFEST")
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return os.WriteFile(file, []byte("Bdgr stand-in\n"), 0o600)
	}
	if err != nil || len(text) < 4 || string(text[:4]) != "Bdgr" {
		return fmt.Errorf("failed to open BadgerDB at %s: manifest has bad magic", path)
	}
	return nil
}

func openPostgres(config map[string]any) error {
	for _, key := range []string{"host", "database", "user"} {
		if v, _ := config[key].(string); v == "" {
			return fmt.Errorf("postgres metadata store requires %s", key)
		}
	}
	if err := pingPostgres(config); err != nil {
		return fmt.Errorf("failed to create connection pool: failed to ping PostgreSQL: %w", err)
	}
	return nil
}

// pingPostgres only opens a connection; the stand-in speaks no SQL.
func pingPostgres(config map[string]any) error {
	port, _ := config["port"].(float64)
	if port == 0 {
		port = 5432
	}
	addr := net.JoinHostPort(fmt.Sprint(config["host"]), strconv.Itoa(int(port)))
	conn, err := net.DialTimeout("tcp", addr, 2*time.Second)
	if err != nil {
		return fmt.Errorf("failed to connect to `user=%v database=%v`: %s (%v): dial error: %w",
			config["user"], config["database"], addr, config["host"], err)
	}
	return conn.Close()
}

func (m *metaStore) close() {
	if m.lock != nil {
		_ = m.lock.Close()
	}
}

func (m *metaStore) rootsFile() string {
	switch m.row.Type {
	case "badger":
		return filepath.Join(m.row.Path(), "roots.json")
	case "sqlite":
		return m.row.Path()
	}
	return ""
}

// root returns the root id of a share; with renew, or when there is none, it
// makes a new one.
func (m *metaStore) root(share string, renew bool) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	roots := m.memory
	if file := m.rootsFile(); file != "" {
		roots = map[string]string{}
		if text, err := os.ReadFile(file); err == nil {
			_ = json.Unmarshal(text, &roots)
		}
	}
	if id := roots[share]; id != "" && !renew {
		return id, nil
	}
	roots[share] = state.NewID()
	return roots[share], m.save(roots)
}

func (m *metaStore) save(roots map[string]string) error {
	file := m.rootsFile()
	if file == "" {
		return nil
	}
	text, _ := json.Marshal(roots)
	if err := os.WriteFile(file+".tmp", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".tmp", file)
}

// MetadataStatus is the cached health of a metadata store.
func (e *Engine) MetadataStatus(row *state.StoreRow) Status {
	return e.status.get("metadata:"+row.ID, func() Status { return metadataHealth(row) })
}

func metadataHealth(row *state.StoreRow) Status {
	if row.Type == "postgres" {
		if err := pingPostgres(row.Config); err != nil {
			return newStatus(Unhealthy, "postgres ping: "+err.Error())
		}
	}
	return newStatus(Healthy, "")
}

// MetadataHealth is the health without the cache.
func (e *Engine) MetadataHealth(row *state.StoreRow) Status { return metadataHealth(row) }
