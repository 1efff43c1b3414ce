package api

import "github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"

func (s *Server) trashRoutes(rt *router) {
	const path = "/api/v1/shares/{name}/trash"
	rt.add(levelAdmin, "GET", path, (*call).listTrash)
	rt.add(levelAdmin, "GET", path+"/status", (*call).trashStatus)
	rt.add(levelAdmin, "POST", path+"/empty", (*call).emptyTrash)
	rt.add(levelAdmin, "POST", path+"/restore", (*call).restoreTrash)
}

var errNoTrash = problem.NotFound("share or recycled entry not found")

// inTrash answers body for a known share. Nothing is ever recycled here:
// removed files are gone.
func (c *call) inTrash(body any) (*reply, error) {
	if _, err := c.shareRow(); err != nil {
		return nil, errNoTrash
	}
	return ok(body)
}

func (c *call) listTrash() (*reply, error) { return c.inTrash([]any{}) }

func (c *call) trashStatus() (*reply, error) {
	row, err := c.shareRow()
	if err != nil {
		return nil, errNoTrash
	}
	return ok(map[string]any{"enabled": row.TrashEnabled, "item_count": 0, "total_bytes": 0})
}

func (c *call) emptyTrash() (*reply, error) { return c.inTrash(map[string]any{"removed": 0}) }

func (c *call) restoreTrash() (*reply, error) {
	var in struct {
		BinPath string `json:"bin_path"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.BinPath == "" {
		return nil, problem.BadRequest("bin_path is required")
	}
	return nil, errNoTrash
}
