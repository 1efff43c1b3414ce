package api

import (
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) adapterRoutes(rt *router) {
	rt.group("/api/v1/adapters")
	rt.add(levelOperator, "GET", "/api/v1/adapters", (*call).listAdapters)
	rt.add(levelAdmin, "POST", "/api/v1/adapters", (*call).createAdapter)
	rt.add(levelUser, "GET", "/api/v1/adapters/ports", (*call).adapterPorts)
	rt.add(levelAdmin, "GET", "/api/v1/adapters/{type}", (*call).getAdapter)
	rt.add(levelAdmin, "PUT", "/api/v1/adapters/{type}", (*call).putAdapter)
	rt.add(levelAdmin, "DELETE", "/api/v1/adapters/{type}", (*call).deleteAdapter)
	rt.add(levelAdmin, "GET", "/api/v1/adapters/{type}/status", (*call).adapterStatus)
	rt.add(levelAdmin, "GET", "/api/v1/adapters/{type}/mounts", (*call).adapterMounts)
}

func byType(kind string) func(*state.Adapter) bool {
	return func(a *state.Adapter) bool { return a.Type == kind }
}

// adapterView is an adapter as the API shows it: settings have their own end
// point, and an empty config is left out.
type adapterView struct {
	state.Adapter
	Settings any           `json:"settings,omitempty"`
	Running  bool          `json:"running"`
	Status   engine.Status `json:"status"`
}

func (s *Server) adapterView(a state.Adapter) adapterView {
	return adapterView{Adapter: a, Running: s.engine.IsRunning(a.Type), Status: s.engine.AdapterStatus(a.Type)}
}

func (s *Server) findAdapter(kind string) (out *state.Adapter, err error) {
	s.db.View(func(d *state.Data) {
		if a := state.Find(d.Adapters, byType(kind)); a != nil {
			copied := *a
			out = &copied
		}
	})
	if out == nil {
		return nil, problem.NotFound("Adapter not found")
	}
	return out, nil
}

func (s *Server) adapters() (out []state.Adapter) {
	s.db.View(func(d *state.Data) { out = append(out, d.Adapters...) })
	return out
}

func (c *call) listAdapters() (*reply, error) {
	out := []adapterView{}
	for _, a := range c.adapters() {
		out = append(out, c.adapterView(a))
	}
	return ok(out)
}

func (c *call) adapterPorts() (*reply, error) {
	type port struct {
		Type    string `json:"type"`
		Port    int    `json:"port"`
		Enabled bool   `json:"enabled"`
		Running bool   `json:"running"`
	}
	out := []port{}
	for _, a := range c.adapters() {
		out = append(out, port{a.Type, a.Port, a.Enabled, c.engine.IsRunning(a.Type)})
	}
	return ok(out)
}

func (c *call) getAdapter() (*reply, error) {
	a, err := c.findAdapter(c.params["type"])
	if err != nil {
		return nil, err
	}
	return ok(c.adapterView(*a))
}

func (c *call) adapterStatus() (*reply, error) {
	a, err := c.findAdapter(c.params["type"])
	if err != nil {
		return nil, err
	}
	return ok(c.engine.AdapterStatus(a.Type))
}

func (c *call) adapterMounts() (*reply, error) { return ok(c.engine.Mounts(c.params["type"])) }

type adapterInput struct {
	Type    string          `json:"type"`
	Enabled *bool           `json:"enabled"`
	Port    *int            `json:"port"`
	Config  *map[string]any `json:"config"`
}

func (c *call) createAdapter() (*reply, error) {
	var in adapterInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Type == "" {
		return nil, problem.BadRequest("Adapter type is required")
	}
	a := NewAdapter(in.Type, deref(in.Port))
	a.Enabled, a.Config = deref(in.Enabled), deref(in.Config)
	err := c.db.Update(func(d *state.Data) error {
		switch {
		case state.Find(d.Adapters, byType(in.Type)) != nil:
			return problem.Conflict("Adapter already exists")
		case in.Type != "nfs" && in.Type != "smb":
			return problem.Internal("Failed to create adapter")
		}
		d.Adapters = append(d.Adapters, a)
		return nil
	})
	if err != nil {
		return nil, err
	}
	view := adapterView{Adapter: a, Status: engine.NotStarted(a.Type)}
	c.engine.ApplyAdapter(&a)
	return created(view)
}

// NewAdapter makes a row.
func NewAdapter(kind string, port int) state.Adapter {
	now := state.Now()
	return state.Adapter{ID: state.NewID(), Type: kind, Enabled: true, Port: port, CreatedAt: now, UpdatedAt: now}
}

// putAdapter stores any port; one above 65535 then panics, and the row stays.
func (c *call) putAdapter() (*reply, error) {
	var in adapterInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	var out state.Adapter
	err := c.db.Update(func(d *state.Data) error {
		a := state.Find(d.Adapters, byType(c.params["type"]))
		if a == nil {
			return problem.NotFound("Adapter not found")
		}
		set(&a.Enabled, in.Enabled)
		set(&a.Port, in.Port)
		set(&a.Config, in.Config)
		a.UpdatedAt = state.Now()
		out = *a
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.engine.ApplyAdapter(&out)
	return ok(c.adapterView(out))
}

func (c *call) deleteAdapter() (*reply, error) {
	kind := c.params["type"]
	err := c.db.Update(func(d *state.Data) error {
		if state.Find(d.Adapters, byType(kind)) == nil {
			return problem.NotFound("Adapter not found")
		}
		d.Adapters = state.Remove(d.Adapters, byType(kind))
		return nil
	})
	if err == nil {
		c.engine.StopAdapter(kind)
		c.engine.ForgetAdapterStatus(kind)
	}
	return done(err)
}
