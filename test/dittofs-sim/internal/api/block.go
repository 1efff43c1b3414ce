package api

import (
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) blockRoutes(rt *router) {
	const path = "/api/v1/store/block"
	rt.group(path)
	rt.add(levelAdmin, "GET", path+"/{kind}", (*call).listBlock)
	rt.add(levelAdmin, "POST", path+"/{kind}", (*call).createBlock)
	rt.add(levelAdmin, "GET", path+"/{kind}/{store}", (*call).getBlock)
	rt.add(levelAdmin, "PUT", path+"/{kind}/{store}", (*call).putBlock)
	rt.add(levelAdmin, "DELETE", path+"/{kind}/{store}", (*call).deleteBlock)
	rt.add(levelAdmin, "GET", path+"/{kind}/{store}/health", (*call).blockHealth)
	rt.add(levelAdmin, "GET", path+"/{kind}/{store}/status", (*call).blockStatus)
}

func (c *call) kind() (string, error) {
	kind := c.params["kind"]
	if kind != "local" && kind != "remote" {
		return "", problem.BadRequest("Invalid block store kind: must be 'local' or 'remote'")
	}
	return kind, nil
}

func (c *call) blockView(row state.StoreRow) storeView {
	return newStoreView(row, c.engine.BlockStatus(&row))
}

// blockRow is the store of the path or a 400 or 404.
func (c *call) blockRow() (row state.StoreRow, err error) {
	kind, err := c.kind()
	if err != nil {
		return row, err
	}
	err = problem.NotFound("Block store not found")
	c.db.View(func(d *state.Data) {
		if r := state.Find(d.BlockStores, byStoreName(kind, c.params["store"])); r != nil {
			row, err = *r, nil
		}
	})
	return row, err
}

func (c *call) listBlock() (*reply, error) {
	kind, err := c.kind()
	if err != nil {
		return nil, err
	}
	var rows []state.StoreRow
	c.db.View(func(d *state.Data) { rows = append(rows, d.BlockStores...) })
	out := []storeView{}
	for _, row := range rows {
		if row.Kind == kind {
			out = append(out, c.blockView(row))
		}
	}
	return ok(out)
}

func (c *call) createBlock() (*reply, error) {
	kind, err := c.kind()
	if err != nil {
		return nil, err
	}
	var in storeInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := in.required(); err != nil {
		return nil, err
	}
	config, err := in.parseConfig()
	if err != nil {
		return nil, problem.BadRequest("Invalid block store config: %s", err)
	}
	if err := checkBlock(kind, in.Type, config); err != nil {
		return nil, err
	}
	row := state.StoreRow{
		ID: state.NewID(), Name: in.Name, Kind: kind, Type: in.Type, Config: config, CreatedAt: state.Now(),
	}
	err = c.db.Update(func(d *state.Data) error {
		if state.Find(d.BlockStores, func(s *state.StoreRow) bool { return s.Name == in.Name }) != nil {
			return problem.Conflict("Block store already exists")
		}
		d.BlockStores = append(d.BlockStores, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return created(c.blockView(row))
}

func (c *call) getBlock() (*reply, error) {
	row, err := c.blockRow()
	if err != nil {
		return nil, err
	}
	return ok(c.blockView(row))
}

func (c *call) putBlock() (*reply, error) {
	row, err := c.blockRow()
	if err != nil {
		return nil, err
	}
	var in storeInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	config, err := in.parseConfig()
	if err != nil {
		return nil, problem.BadRequest("Invalid block store config: %s", err)
	}
	in.change(&row, config)
	if err := checkBlock(row.Kind, row.Type, row.Config); err != nil {
		return nil, err
	}
	err = c.db.Update(func(d *state.Data) error {
		if r := state.Find(d.BlockStores, byStoreName(row.Kind, row.Name)); r != nil {
			*r = row
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ok(c.blockView(row))
}

func (c *call) deleteBlock() (*reply, error) {
	row, err := c.blockRow()
	if err != nil {
		return nil, err
	}
	return done(c.db.Update(func(d *state.Data) error {
		if storeUsed(d, row.ID) {
			return problem.Conflict("Cannot delete block store: it is in use by one or more shares")
		}
		d.BlockStores = state.Remove(d.BlockStores, byStoreName(row.Kind, row.Name))
		return nil
	}))
}

func (c *call) blockHealth() (*reply, error) {
	row, err := c.blockRow()
	if err != nil {
		return nil, err
	}
	s := c.engine.BlockStatus(&row)
	return ok(newHealthView(s, s.Message))
}

func (c *call) blockStatus() (*reply, error) {
	row, err := c.blockRow()
	if err != nil {
		return nil, err
	}
	return ok(c.engine.BlockStatus(&row))
}
