package api

import (
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) shareRoutes(rt *router) {
	const path = "/api/v1/shares"
	rt.group(path)
	rt.add(levelAdmin, "GET", path, (*call).listShares)
	rt.add(levelAdmin, "POST", path, (*call).createShare)
	rt.add(levelAdmin, "GET", path+"/{name}", (*call).getShare)
	rt.add(levelAdmin, "PUT", path+"/{name}", (*call).putShare)
	rt.add(levelAdmin, "DELETE", path+"/{name}", (*call).deleteShare)
	rt.add(levelAdmin, "GET", path+"/{name}/status", (*call).shareStatus)
	rt.add(levelAdmin, "POST", path+"/{name}/disable", (*call).disableShare)
	rt.add(levelAdmin, "POST", path+"/{name}/enable", (*call).enableShare)
}

func byShare(name string) func(*state.Share) bool {
	return func(s *state.Share) bool { return s.Name == name }
}

// shareView is a share as the API shows it.
type shareView struct {
	state.Share
	UsedBytes     int64         `json:"used_bytes"`
	PhysicalBytes int64         `json:"physical_bytes"`
	UsagePercent  float64       `json:"usage_percent"`
	Status        engine.Status `json:"status"`
}

func (s *Server) shareView(row state.Share) shareView {
	used := s.engine.Used(row.Name)
	view := shareView{Share: row, UsedBytes: used, PhysicalBytes: used, Status: s.engine.ShareStatus(&row)}
	if p := row.Private; p != nil && p.QuotaLimit > 0 {
		view.UsagePercent = float64(used) / float64(p.QuotaLimit) * 100
	}
	view.Private = nil
	return view
}

// shareRow is the share of the path, or a 400 or 404.
func (c *call) shareRow() (row state.Share, err error) {
	name, err := c.share()
	if err != nil {
		return row, err
	}
	err = problem.NotFound("Share not found")
	c.db.View(func(d *state.Data) {
		if r := state.Find(d.Shares, byShare(name)); r != nil {
			row, err = *r, nil
		}
	})
	return row, err
}

// withShare updates with the share of the path.
func (c *call) withShare(f func(d *state.Data, row *state.Share) error) error {
	name, err := c.share()
	if err != nil {
		return err
	}
	return c.db.Update(func(d *state.Data) error {
		row := state.Find(d.Shares, byShare(name))
		if row == nil {
			return problem.NotFound("Share not found")
		}
		// Readers may still hold the old row, so change a copy.
		next := copyShare(row)
		if err := f(d, &next); err != nil {
			return err
		}
		*row = next
		return nil
	})
}

func (c *call) listShares() (*reply, error) {
	var rows []state.Share
	c.db.View(func(d *state.Data) { rows = append(rows, d.Shares...) })
	out := []shareView{}
	for _, row := range rows {
		out = append(out, c.shareView(row))
	}
	return ok(out)
}

func (c *call) getShare() (*reply, error) {
	row, err := c.shareRow()
	if err != nil {
		return nil, err
	}
	return ok(c.shareView(row))
}

func (c *call) createShare() (*reply, error) {
	var in shareInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Name == "":
		return nil, problem.BadRequest("Share name is required")
	case deref(in.Metadata) == "":
		return nil, problem.BadRequest("Metadata store ID is required")
	case in.LocalStore == "":
		return nil, problem.BadRequest("Local block store is required")
	}
	if !c.databaseUp() {
		// Looks permanent, but only the database is away.
		return nil, problem.BadRequest("Metadata store not found: %s", *in.Metadata)
	}
	row := newShare("/" + strings.TrimPrefix(in.Name, "/"))
	in.Local = &in.LocalStore
	if in.RemoteStore != "" {
		in.Remote = &in.RemoteStore
	}
	err := c.db.Update(func(d *state.Data) error {
		if err := in.apply(d, &row); err != nil {
			return err
		}
		if state.Find(d.Shares, byShare(row.Name)) != nil {
			return problem.Conflict("Share already exists")
		}
		d.Shares = append(d.Shares, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.engine.LoadShare(&row); err != nil {
		return nil, problem.Internal("Failed to add share to runtime")
	}
	return created(c.shareView(row))
}

func newShare(name string) state.Share {
	now := state.Now()
	return state.Share{
		ID: state.NewID(), Name: name, Enabled: true, DefaultPermission: "none", RetentionPolicy: "lru",
		ACLFlagInherited: true, CreatedAt: now, UpdatedAt: now,
		Private: &state.Private{NFS: state.NFSConfig{
			Squash: "root_to_guest", AllowAuthSys: true, MinKerberosLevel: "krb5",
		}},
	}
}

func (c *call) putShare() (*reply, error) {
	var in shareInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return c.changeShare(in.apply)
}

// changeShare changes the share's row and what is served of it, and answers with the row.
func (c *call) changeShare(change func(*state.Data, *state.Share) error) (*reply, error) {
	var out state.Share
	err := c.withShare(func(d *state.Data, row *state.Share) error {
		if err := change(d, row); err != nil {
			return err
		}
		row.UpdatedAt = state.Now()
		out = *row
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.engine.ApplyShare(&out)
	return ok(c.shareView(out))
}

func copyShare(row *state.Share) state.Share {
	out := *row
	private := deref(row.Private)
	out.Private = &private
	return out
}

func (c *call) deleteShare() (*reply, error) {
	var name string
	err := c.withShare(func(d *state.Data, row *state.Share) error {
		name = row.Name
		d.Shares = state.Remove(d.Shares, byShare(name))
		d.Snapshots = state.Remove(d.Snapshots, func(s *state.Snapshot) bool { return s.Share == name })
		d.Policies = state.Remove(d.Policies, func(p *state.Policy) bool { return p.Share == name })
		return nil
	})
	if err == nil {
		c.engine.UnloadShare(name)
	}
	return done(err)
}

func (c *call) shareStatus() (*reply, error) {
	row, err := c.shareRow()
	if err != nil {
		return nil, err
	}
	return ok(c.engine.ShareStatus(&row))
}

func (c *call) disableShare() (*reply, error) { return c.setEnabled(false) }

func (c *call) enableShare() (*reply, error) { return c.setEnabled(true) }

// setEnabled only decides about new mounts: clients that hold handles go on.
func (c *call) setEnabled(enabled bool) (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	if c.engine.Share(name) == nil {
		return nil, problem.NotFound("Share not found")
	}
	return c.changeShare(func(_ *state.Data, row *state.Share) error {
		row.Enabled = enabled
		return nil
	})
}
