package api

import (
	"errors"
	"net/url"
	"slices"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) snapshotRoutes(rt *router) {
	const path = "/api/v1/shares/{name}/snapshots"
	rt.add(levelAdmin, "GET", path, (*call).listSnapshots)
	rt.add(levelAdmin, "POST", path, (*call).createSnapshot)
	rt.add(levelAdmin, "GET", path+"/{id}", (*call).getSnapshot)
	rt.add(levelAdmin, "DELETE", path+"/{id}", (*call).deleteSnapshot)
	rt.add(levelAdmin, "POST", path+"/{id}/restore", (*call).restoreSnapshot)
}

var (
	errNoShare       = problem.NotFound("share not found")
	errNoSnapshot    = problem.NotFound("snapshot not found")
	errSnapshotState = problem.Conflict("snapshot is not in a state that allows this operation")
)

func bySnapshot(share, id string) func(*state.Snapshot) bool {
	return func(s *state.Snapshot) bool { return s.Share == share && s.ID == id }
}

func (c *call) findSnapshot(share, id string) (out *state.Snapshot) {
	c.db.View(func(d *state.Data) {
		if s := state.Find(d.Snapshots, bySnapshot(share, id)); s != nil {
			copied := *s
			out = &copied
		}
	})
	return out
}

// listSnapshots shows the newest first and without sizes; an unknown share has
// none.
func (c *call) listSnapshots() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	out := []state.Snapshot{}
	c.db.View(func(d *state.Data) {
		for _, s := range d.Snapshots {
			if s.Share == name {
				s.ManifestCount, s.DumpBytes = 0, 0
				out = append(out, s)
			}
		}
	})
	slices.Reverse(out)
	return ok(out)
}

func (c *call) getSnapshot() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	if s := c.findSnapshot(name, c.params["id"]); s != nil {
		return ok(s)
	}
	return nil, errNoSnapshot
}

// CreateSnapshotRequest is the body of a create call; its name shows in the
// parser's error text.
type CreateSnapshotRequest struct {
	Name     string `json:"name"`
	NoVerify bool   `json:"no_verify"`
	RetryOf  string `json:"retry_of"`
}

func (c *call) createSnapshot() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	var in CreateSnapshotRequest
	if err := c.decodeOptional(&in); err != nil {
		return nil, err
	}
	snap := state.Snapshot{ID: state.NewID(), Name: in.Name, Share: name}
	if in.RetryOf != "" {
		old := c.findSnapshot(name, in.RetryOf)
		switch {
		case c.engine.Share(name) == nil:
			return nil, errNoShare
		case old == nil:
			return nil, problem.NotFound("retry target snapshot not found")
		case old.State != "failed":
			return nil, problem.Conflict("retry target is not in failed state")
		}
		snap = *old
	}
	return c.startSnapshot(snap, !in.NoVerify)
}

// startSnapshot stores the row and lets the engine work in the background.
func (c *call) startSnapshot(snap state.Snapshot, verify bool) (*reply, error) {
	share := c.engine.Share(snap.Share)
	switch {
	case share == nil:
		return nil, errNoShare
	case !share.Fs:
		return nil, problem.BadRequest("snapshots require an fs-backed local store")
	case c.engine.Busy(snap.Share):
		return nil, errSnapshotState
	}
	snap.State, snap.Error, snap.CreatedAt, snap.UpdatedAt = "creating", "", state.Now(), state.Now()
	err := c.db.Update(func(d *state.Data) error {
		if old := state.Find(d.Snapshots, bySnapshot(snap.Share, snap.ID)); old != nil {
			*old = snap
			return nil
		}
		d.Snapshots = append(d.Snapshots, snap)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.engine.TakeSnapshot(share, snap.ID, verify, c.finishSnapshot); err != nil {
		return nil, errSnapshotState
	}
	location := "/api/v1/shares/" + url.PathEscape(snap.Share) + "/snapshots/" + snap.ID
	return accepted(map[string]any{"snapshot_id": snap.ID, "share": snap.Share}, location)
}

func (s *Server) finishSnapshot(result state.Snapshot) {
	_ = s.db.Update(func(d *state.Data) error {
		row := state.Find(d.Snapshots, bySnapshot(result.Share, result.ID))
		if row == nil {
			return nil
		}
		row.State, row.Error, row.RemoteDurable = result.State, result.Error, result.RemoteDurable
		row.ManifestCount, row.DumpBytes, row.UpdatedAt = result.ManifestCount, result.DumpBytes, state.Now()
		return nil
	})
}

func (c *call) deleteSnapshot() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	id := c.params["id"]
	err = c.db.Update(func(d *state.Data) error {
		s := state.Find(d.Snapshots, bySnapshot(name, id))
		switch {
		case s == nil:
			return errNoSnapshot
		case s.State == "creating":
			return problem.Conflict("snapshot operation is in progress; retry once it completes")
		}
		d.Snapshots = state.Remove(d.Snapshots, bySnapshot(name, id))
		return nil
	})
	if err == nil {
		c.engine.DropSnapshot(name, id)
	}
	return done(err)
}

func (c *call) restoreSnapshot() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	var in struct {
		AllowNonDurable bool `json:"allow_non_durable"`
	}
	if err := c.decodeOptional(&in); err != nil {
		return nil, err
	}
	share := c.engine.Share(name)
	row, rowErr := c.shareRow()
	snap := c.findSnapshot(name, c.params["id"])
	switch {
	case share == nil || rowErr != nil:
		return nil, errNoShare
	case row.Enabled:
		return nil, problem.Conflict("share is enabled; disable before restore")
	case snap == nil:
		return nil, errNoSnapshot
	case snap.State != "ready":
		return nil, errSnapshotState
	case !snap.RemoteDurable && !in.AllowNonDurable:
		return nil, problem.New(412, "snapshot not remotely durable; pass allow_non_durable=true to force")
	}
	return c.runRestore(share, snap.ID)
}

func (c *call) runRestore(share *engine.Share, id string) (*reply, error) {
	safety, err := c.engine.RestoreSnapshot(c.r.Context(), share, id, state.NewID())
	switch {
	case errors.Is(err, engine.ErrArtifacts):
		return nil, problem.Internal("snapshot artifacts missing")
	case err != nil:
		return nil, problem.Internal("snapshot operation failed")
	}
	return ok(map[string]any{"snapshot_id": id, "safety_snapshot_id": safety.ID, "share": share.Name})
}
