package api

import (
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) metadataRoutes(rt *router) {
	const path = "/api/v1/store/metadata"
	rt.group(path)
	rt.add(levelAdmin, "GET", path, (*call).listMetadata)
	rt.add(levelAdmin, "POST", path, (*call).createMetadata)
	rt.add(levelAdmin, "GET", path+"/{store}", (*call).getMetadata)
	rt.add(levelAdmin, "PUT", path+"/{store}", (*call).putMetadata)
	rt.add(levelAdmin, "DELETE", path+"/{store}", (*call).deleteMetadata)
	rt.add(levelAdmin, "GET", path+"/{store}/health", (*call).metadataHealth)
	rt.add(levelAdmin, "GET", path+"/{store}/status", (*call).metadataStatus)
}

func (c *call) metadataView(row state.StoreRow) storeView {
	return newStoreView(row, c.engine.MetadataStatus(&row))
}

// metadataRow is the store of the path or a 404.
func (c *call) metadataRow() (row state.StoreRow, err error) {
	err = problem.NotFound("Metadata store not found")
	c.db.View(func(d *state.Data) {
		if r := state.Find(d.MetadataStores, byStoreName("", c.params["store"])); r != nil {
			row, err = *r, nil
		}
	})
	return row, err
}

func (c *call) listMetadata() (*reply, error) {
	var rows []state.StoreRow
	c.db.View(func(d *state.Data) { rows = append(rows, d.MetadataStores...) })
	out := []storeView{}
	for _, row := range rows {
		out = append(out, c.metadataView(row))
	}
	return ok(out)
}

// createMetadata opens the store before it looks for a duplicate name: that is
// why a badger store posted again is "locked" and not a conflict.
func (c *call) createMetadata() (*reply, error) {
	var in storeInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := in.required(); err != nil {
		return nil, err
	}
	config, err := in.parseConfig()
	if err != nil {
		return nil, problem.BadRequest("Failed to create metadata store: failed to get config: %s", err)
	}
	row := state.StoreRow{ID: state.NewID(), Name: in.Name, Type: in.Type, Config: config, CreatedAt: state.Now()}
	if err := c.engine.ProbeMetadata(&row); err != nil {
		return nil, problem.BadRequest("Failed to create metadata store: %s", err)
	}
	err = c.db.Update(func(d *state.Data) error {
		if state.Find(d.MetadataStores, byStoreName("", in.Name)) != nil {
			return problem.Conflict("Metadata store already exists")
		}
		d.MetadataStores = append(d.MetadataStores, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.engine.OpenMetadata(&row); err != nil {
		return nil, problem.BadRequest("Failed to create metadata store: %s", err)
	}
	return created(c.metadataView(row))
}

func (c *call) getMetadata() (*reply, error) {
	row, err := c.metadataRow()
	if err != nil {
		return nil, err
	}
	return ok(c.metadataView(row))
}

// putMetadata stores any type without a check; the next start then fails.
func (c *call) putMetadata() (*reply, error) {
	var in storeInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	config, err := in.parseConfig()
	if err != nil {
		return nil, problem.BadRequest("Invalid request body")
	}
	var out state.StoreRow
	err = c.db.Update(func(d *state.Data) error {
		row := state.Find(d.MetadataStores, byStoreName("", c.params["store"]))
		if row == nil {
			return problem.NotFound("Metadata store not found")
		}
		in.change(row, config)
		out = *row
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ok(c.metadataView(out))
}

// deleteMetadata removes the row; the store stays open, and locked, until the
// process ends.
func (c *call) deleteMetadata() (*reply, error) {
	return done(c.db.Update(func(d *state.Data) error {
		row := state.Find(d.MetadataStores, byStoreName("", c.params["store"]))
		switch {
		case row == nil:
			return problem.NotFound("Metadata store not found")
		case storeUsed(d, row.ID):
			return problem.Conflict("Cannot delete metadata store: it is in use by one or more shares")
		}
		d.MetadataStores = state.Remove(d.MetadataStores, byStoreName("", row.Name))
		return nil
	}))
}

func (c *call) metadataHealth() (*reply, error) {
	row, err := c.metadataRow()
	if err != nil {
		return nil, err
	}
	s := c.engine.MetadataHealth(&row)
	if s.Status == engine.Healthy {
		return ok(newHealthView(s, "store is healthy"))
	}
	return ok(newHealthView(s, "store health check failed: "+s.Message))
}

func (c *call) metadataStatus() (*reply, error) {
	row, err := c.metadataRow()
	if err != nil {
		return nil, err
	}
	return ok(c.engine.MetadataStatus(&row))
}
