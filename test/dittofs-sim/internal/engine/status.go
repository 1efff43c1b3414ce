package engine

import (
	"strings"
	"sync"
	"time"
)

// Status is the health of one thing.
type Status struct {
	Status    string    `json:"status"`
	Message   string    `json:"message,omitempty"`
	CheckedAt time.Time `json:"checked_at"`
	LatencyMS int64     `json:"latency_ms,omitempty"`
}

// Values of Status.Status.
const (
	Healthy   = "healthy"
	Unhealthy = "unhealthy"
	Unknown   = "unknown"
)

func newStatus(status, message string) Status {
	return Status{Status: status, Message: message, CheckedAt: time.Now().UTC()}
}

// statusCache keeps answers for some seconds, as the real server does; a
// client that asks too early gets the old one.
type statusCache struct {
	lifetime time.Duration
	mu       sync.Mutex
	entries  map[string]Status
}

func newStatusCache(lifetime time.Duration) *statusCache {
	return &statusCache{lifetime: lifetime, entries: map[string]Status{}}
}

func (c *statusCache) get(key string, probe func() Status) Status {
	c.mu.Lock()
	s, ok := c.entries[key]
	c.mu.Unlock()
	if ok && time.Since(s.CheckedAt) < c.lifetime {
		return s
	}
	s = probe()
	c.mu.Lock()
	c.entries[key] = s
	c.mu.Unlock()
	return s
}

// drop forgets all entries whose key begins with prefix.
func (c *statusCache) drop(prefix string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.entries {
		if strings.HasPrefix(key, prefix) {
			delete(c.entries, key)
		}
	}
}
