package api

import (
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) permissionRoutes(rt *router) {
	const path = "/api/v1/shares/{name}/permissions"
	rt.add(levelAdmin, "GET", path, (*call).listPermissions)
	for plural, kind := range map[string]string{"users": "user", "groups": "group", "sids": "sid"} {
		rt.add(levelAdmin, "PUT", path+"/"+plural+"/{who}", func(c *call) (*reply, error) { return c.putPermission(kind) })
		rt.add(levelAdmin, "DELETE", path+"/"+plural+"/{who}", func(c *call) (*reply, error) { return c.deletePermission(kind) })
	}
}

// listPermissions answers null, not [], when there is none.
func (c *call) listPermissions() (*reply, error) {
	row, err := c.shareRow()
	if err != nil {
		return nil, err
	}
	var out []state.Permission
	for _, kind := range []string{"user", "group", "sid"} {
		for _, p := range row.Private.Permissions {
			if p.Type == kind {
				out = append(out, p)
			}
		}
	}
	return ok(out)
}

func samePermission(kind, who string) func(*state.Permission) bool {
	return func(p *state.Permission) bool {
		return p.Type == kind && (kind == "sid" && p.SID == who || kind != "sid" && p.Name == who)
	}
}

func (c *call) putPermission(kind string) (*reply, error) {
	var in struct {
		Level       string `json:"level"`
		IsGroup     bool   `json:"is_group"`
		DisplayName string `json:"display_name"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	who := c.params["who"]
	p := state.Permission{Type: kind, Name: who, Level: in.Level}
	if kind == "sid" {
		p.SID, p.IsGroup = who, in.IsGroup
		if in.DisplayName != "" {
			p.Name = in.DisplayName
		}
	}
	return done(c.withShare(func(d *state.Data, row *state.Share) error {
		if err := checkPermission(d, p); err != nil {
			return err
		}
		row.Private.Permissions = append(state.Remove(row.Private.Permissions, samePermission(kind, who)), p)
		return nil
	}))
}

// checkPermission validates the level of SIDs only: users and groups get any
// text stored.
func checkPermission(d *state.Data, p state.Permission) error {
	switch {
	case p.Level == "":
		return problem.BadRequest("Permission level is required")
	case p.Type == "user" && state.Find(d.Users, byUsername(p.Name)) == nil:
		return problem.NotFound("User not found")
	case p.Type == "group" && state.Find(d.Groups, byGroupName(p.Name)) == nil:
		return problem.NotFound("Group not found")
	case p.Type == "sid" && !strings.HasPrefix(p.SID, "S-1-"):
		return problem.BadRequest("Invalid SID")
	case p.Type == "sid" && !slices.Contains([]string{"none", "read", "read-write", "admin"}, p.Level):
		return problem.BadRequest("Invalid permission level")
	}
	return nil
}

// deletePermission answers 204 whatever is missing.
func (c *call) deletePermission(kind string) (*reply, error) {
	_ = c.withShare(func(_ *state.Data, row *state.Share) error {
		row.Private.Permissions = state.Remove(row.Private.Permissions, samePermission(kind, c.params["who"]))
		return nil
	})
	return noContent()
}
