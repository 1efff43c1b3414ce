package api

import (
	"net/url"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) identityRoutes(rt *router) {
	const path = "/api/v1/identity-mappings"
	for _, group := range []string{path, "/api/v1/sid-mappings", "/api/v1/identity-providers"} {
		rt.group(group)
	}
	rt.add(levelAdmin, "GET", path, (*call).listMappings)
	rt.add(levelAdmin, "POST", path, (*call).createMapping)
	rt.add(levelAdmin, "GET", path+"/users/{user}", (*call).listMappings)
	rt.add(levelAdmin, "DELETE", path+"/by-provider/{provider}/{principal}", (*call).deleteMapping)
	rt.add(levelAdmin, "GET", "/api/v1/sid-mappings", emptyList)
	rt.add(levelAdmin, "DELETE", "/api/v1/sid-mappings/{sid}", notFound("SID mapping not found"))
	rt.add(levelAdmin, "GET", "/api/v1/identity-providers", (*call).listProviders)
	rt.add(levelAdmin, "GET", "/api/v1/identity-providers/{type}/config", (*call).providerConfig)
}

var providers = []string{"ldap", "kerberos"}

func (c *call) listProviders() (*reply, error) {
	out := []map[string]any{}
	for _, name := range providers {
		out = append(out, map[string]any{"type": name, "enabled": false, "configured": false})
	}
	return ok(out)
}

func (c *call) providerConfig() (*reply, error) {
	for _, name := range providers {
		if name == c.params["type"] {
			return nil, problem.NotFound("Identity provider not configured")
		}
	}
	return nil, problem.NotFound("Unknown identity provider type")
}

// listMappings lists all mappings, or those of the user in the path.
func (c *call) listMappings() (*reply, error) {
	out := []state.IdentityMapping{}
	c.db.View(func(d *state.Data) {
		for _, m := range d.IdentityMappings {
			if user := c.params["user"]; user == "" || m.Username == user {
				out = append(out, m)
			}
		}
	})
	return ok(out)
}

func sameMapping(provider, principal string) func(*state.IdentityMapping) bool {
	return func(m *state.IdentityMapping) bool { return m.Provider == provider && m.Principal == principal }
}

func (c *call) createMapping() (*reply, error) {
	var in state.IdentityMapping
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Principal == "" {
		return nil, problem.BadRequest("Principal is required")
	}
	in.ID, in.CreatedAt, in.UpdatedAt = state.NewID(), state.Now(), state.Now()
	err := c.db.Update(func(d *state.Data) error {
		if state.Find(d.IdentityMappings, sameMapping(in.Provider, in.Principal)) != nil {
			return problem.Conflict("Identity mapping for this provider and principal already exists")
		}
		d.IdentityMappings = append(d.IdentityMappings, in)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return created(in)
}

func (c *call) deleteMapping() (*reply, error) {
	principal, _ := url.PathUnescape(c.params["principal"])
	match := sameMapping(c.params["provider"], principal)
	return done(c.db.Update(func(d *state.Data) error {
		if state.Find(d.IdentityMappings, match) == nil {
			return problem.NotFound("Identity mapping not found")
		}
		d.IdentityMappings = state.Remove(d.IdentityMappings, match)
		return nil
	}))
}
