package api

import (
	"net/http"
	"time"
)

func (s *Server) healthRoutes(rt *router) {
	rt.add(levelAnyone, "GET", "/health", (*call).health)
	rt.add(levelAnyone, "GET", "/health/ready", (*call).ready)
	rt.add(levelAnyone, "GET", "/", (*call).root)
}

type healthBody struct {
	Status    string    `json:"status"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

func (c *call) root() (*reply, error) {
	http.Redirect(c.w, c.r, "/health", http.StatusTemporaryRedirect)
	return &reply{}, errSent
}

func (c *call) health() (*reply, error) {
	up := time.Since(c.engine.Started)
	status, db := "healthy", "reachable"
	if !c.databaseUp() {
		status, db = "degraded", "unreachable"
	}
	return ok(healthBody{status, time.Now().UTC(), map[string]any{
		"service": "dittofs", "control_plane_db": db, "started_at": c.engine.Started.UTC(),
		"uptime": up.Round(time.Second).String(), "uptime_sec": int64(up.Seconds()),
	}})
}

// ready answers 200 however broken listeners, shares and stores are: it counts
// what was loaded and nothing else.
func (c *call) ready() (*reply, error) {
	shares, stores := c.engine.Counts()
	types := c.engine.Running()
	return ok(healthBody{"healthy", time.Now().UTC(), map[string]any{
		"adapters": map[string]any{"running": len(types), "types": types},
		"grace_period": map[string]any{
			"active": false, "expected_clients": 0, "reclaimed_clients": 0, "remaining_seconds": 0,
		},
		"metadata_stores": stores, "shares": shares,
	}})
}
