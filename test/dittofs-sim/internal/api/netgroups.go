package api

import (
	"net"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) netgroupRoutes(rt *router) {
	const path = "/api/v1/adapters/{type}/netgroups"
	rt.add(levelAdmin, "GET", path, (*call).listNetgroups)
	rt.add(levelAdmin, "POST", path, (*call).createNetgroup)
	rt.add(levelAdmin, "GET", path+"/{netgroup}", (*call).getNetgroup)
	rt.add(levelAdmin, "DELETE", path+"/{netgroup}", (*call).deleteNetgroup)
	rt.add(levelAdmin, "POST", path+"/{netgroup}/members", (*call).addNetgroupMember)
	rt.add(levelAdmin, "DELETE", path+"/{netgroup}/members/{id}", (*call).removeNetgroupMember)
}

func byNetgroup(name string) func(*state.Netgroup) bool {
	return func(n *state.Netgroup) bool { return n.Name == name }
}

func (c *call) listNetgroups() (*reply, error) {
	out := []state.Netgroup{}
	c.db.View(func(d *state.Data) { out = append(out, d.Netgroups...) })
	return ok(out)
}

func (c *call) createNetgroup() (*reply, error) {
	var in struct {
		Name string `json:"name"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Name == "" {
		return nil, problem.BadRequest("Netgroup name is required")
	}
	n := state.Netgroup{ID: state.NewID(), Name: in.Name, CreatedAt: state.Now(), UpdatedAt: state.Now()}
	err := c.db.Update(func(d *state.Data) error {
		if state.Find(d.Netgroups, byNetgroup(in.Name)) != nil {
			return problem.Conflict("Netgroup already exists")
		}
		d.Netgroups = append(d.Netgroups, n)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return created(n)
}

// withNetgroup updates with the netgroup of the path, or answers 404.
func (c *call) withNetgroup(f func(d *state.Data, n *state.Netgroup) error) error {
	return c.db.Update(func(d *state.Data) error {
		n := state.Find(d.Netgroups, byNetgroup(c.params["netgroup"]))
		if n == nil {
			return problem.NotFound("Netgroup not found")
		}
		return f(d, n)
	})
}

func (c *call) getNetgroup() (*reply, error) {
	var out state.Netgroup
	err := c.withNetgroup(func(_ *state.Data, n *state.Netgroup) error {
		out = *n
		return nil
	})
	return answer(out, err)
}

func (c *call) deleteNetgroup() (*reply, error) {
	return done(c.withNetgroup(func(d *state.Data, n *state.Netgroup) error {
		for i := range d.Shares {
			if p := d.Shares[i].Private; p != nil && p.NFS.Netgroup == n.Name {
				return problem.Conflict("Netgroup is referenced by one or more shares")
			}
		}
		d.Netgroups = state.Remove(d.Netgroups, byNetgroup(n.Name))
		return nil
	}))
}

func (c *call) addNetgroupMember() (*reply, error) {
	var in struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Type == "cidr" {
		if _, _, err := net.ParseCIDR(in.Value); err != nil {
			return nil, problem.BadRequest("invalid CIDR: %s: %s", in.Value, err)
		}
	}
	m := state.NetgroupMember{ID: state.NewID(), Type: in.Type, Value: in.Value}
	err := c.withNetgroup(func(_ *state.Data, n *state.Netgroup) error {
		n.Members = append(n.Members, m)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return created(m)
}

func (c *call) removeNetgroupMember() (*reply, error) {
	return done(c.withNetgroup(func(_ *state.Data, n *state.Netgroup) error {
		n.Members = state.Remove(n.Members, func(m *state.NetgroupMember) bool { return m.ID == c.params["id"] })
		return nil
	}))
}
