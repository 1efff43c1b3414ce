package engine

import (
	"fmt"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// ShareStatus is the cached health of a share.
func (e *Engine) ShareStatus(row *state.Share) Status {
	return e.status.get("share:"+row.Name, func() Status { return e.shareHealth(row) })
}

func (e *Engine) shareHealth(row *state.Share) Status {
	s := e.Share(row.Name)
	if s == nil {
		return newStatus(Unknown, fmt.Sprintf("share not found: share not found: %q", row.Name))
	}
	if st := metadataHealth(&s.meta.row); st.Status != Healthy {
		return newStatus(Unhealthy, "metadata: "+st.Message)
	}
	e.probeRemote(s)
	return newStatus(Healthy, "")
}

// probeRemote takes half a minute when the remote store is away; the share
// counts as healthy all the same.
func (e *Engine) probeRemote(s *Share) {
	if !e.remoteReachable(s, time.Second) {
		time.Sleep(environmentTime("DITTOFS_SIM_S3_DELAY", 30*time.Second))
	}
}

// waitForRemotes makes a start slow when a remote store refuses connections.
func (e *Engine) waitForRemotes() {
	for _, s := range e.Shares() {
		if !e.remoteReachable(s, time.Second) {
			time.Sleep(environmentTime("DITTOFS_SIM_S3_START_DELAY", 3*time.Minute))
			return
		}
	}
}
