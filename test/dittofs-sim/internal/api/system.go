package api

import (
	"net/http"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
)

func (s *Server) systemRoutes(rt *router) {
	rt.group("/api/v1/system")
	rt.add(levelAdmin, "POST", "/api/v1/system/drain-uploads", (*call).drain)
}

// drain may take longer than write_timeout; like the real server it lifts the
// limit for itself.
func (c *call) drain() (*reply, error) {
	_ = http.NewResponseController(c.w).SetWriteDeadline(time.Time{})
	start := time.Now()
	stall := c.cfg.Duration("controlplane.drain_stall_timeout")
	if !c.engine.Drain(c.r.Context(), stall) {
		return nil, problem.New(http.StatusGatewayTimeout,
			"drain uploads stalled: no upload progress within %s: context canceled", stall)
	}
	return ok(map[string]any{"status": "drained", "duration": time.Since(start).String()})
}
