package engine

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

const s3Timeout = 5 * time.Second

// BlockStatus is the health of a block store; it is not cached.
func (e *Engine) BlockStatus(row *state.StoreRow) Status {
	switch row.Type {
	case "memory":
		return newStatus(Healthy, "in-memory store is always healthy")
	case "s3":
		return s3Status(row)
	}
	return fsStatus(row.Path())
}

func fsStatus(path string) Status {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return newStatus(Unhealthy, "configured path is not accessible")
	case !info.IsDir():
		return newStatus(Unhealthy, "configured path is not a directory")
	}
	probe := filepath.Join(path, ".probe")
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		return newStatus(Unhealthy, "path is not writable")
	}
	_ = os.Remove(probe)
	return newStatus(Healthy, "path accessible and writable")
}

func s3Status(row *state.StoreRow) Status {
	start := time.Now()
	s := newStatus(Unhealthy, "S3 connectivity check failed")
	if s3Reachable(row, s3Timeout) {
		s = newStatus(Healthy, "S3 bucket accessible: "+text(row, "bucket")+" (region: "+text(row, "region")+")")
	}
	s.LatencyMS = time.Since(start).Milliseconds()
	return s
}

// s3Reachable sends one unsigned HEAD of the bucket: any answer but 404 and
// 5xx means that the bucket is there.
func s3Reachable(row *state.StoreRow, timeout time.Duration) bool {
	endpoint := strings.TrimSuffix(text(row, "endpoint"), "/")
	if endpoint == "" {
		endpoint = "https://s3." + text(row, "region") + ".amazonaws.com"
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	client := http.Client{Timeout: timeout, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Head(endpoint + "/" + text(row, "bucket"))
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode != http.StatusNotFound && resp.StatusCode < 500
}

func text(row *state.StoreRow, key string) string {
	s, _ := row.Config[key].(string)
	return s
}

// blockRow finds a block store by id.
func (e *Engine) blockRow(id string) (row state.StoreRow, ok bool) {
	e.DB.View(func(d *state.Data) {
		if r := state.Find(d.BlockStores, func(s *state.StoreRow) bool { return s.ID == id }); r != nil {
			row, ok = *r, true
		}
	})
	return row, ok
}
