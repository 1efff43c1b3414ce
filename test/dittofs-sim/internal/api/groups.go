package api

import (
	"slices"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

var systemGroups = []string{"admins", "operators", "users"}

func (s *Server) groupRoutes(rt *router) {
	rt.group("/api/v1/groups")
	rt.add(levelAdmin, "GET", "/api/v1/groups", (*call).listGroups)
	rt.add(levelAdmin, "POST", "/api/v1/groups", (*call).createGroup)
	rt.add(levelAdmin, "GET", "/api/v1/groups/{group}", (*call).getGroup)
	rt.add(levelAdmin, "PUT", "/api/v1/groups/{group}", (*call).putGroup)
	rt.add(levelAdmin, "DELETE", "/api/v1/groups/{group}", (*call).deleteGroup)
	rt.add(levelAdmin, "GET", "/api/v1/groups/{group}/members", (*call).listMembers)
	rt.add(levelAdmin, "POST", "/api/v1/groups/{group}/members", (*call).addMember)
	rt.add(levelAdmin, "DELETE", "/api/v1/groups/{group}/members/{user}", (*call).removeMember)
}

func byGroupName(name string) func(*state.Group) bool {
	return func(g *state.Group) bool { return g.Name == name }
}

// groupView adds the members, which are stored with the users.
func groupView(d *state.Data, g state.Group) state.Group {
	g.Members = nil
	for _, u := range d.Users {
		if slices.Contains(u.Groups, g.Name) {
			g.Members = append(g.Members, u.Username)
		}
	}
	return g
}

func (c *call) listGroups() (*reply, error) {
	out := []state.Group{}
	c.db.View(func(d *state.Data) {
		for _, g := range d.Groups {
			out = append(out, groupView(d, g))
		}
	})
	return ok(out)
}

func (c *call) getGroup() (*reply, error) {
	var out *state.Group
	c.db.View(func(d *state.Data) {
		if g := state.Find(d.Groups, byGroupName(c.params["group"])); g != nil {
			view := groupView(d, *g)
			out = &view
		}
	})
	if out == nil {
		return nil, problem.NotFound("Group not found")
	}
	return ok(out)
}

type groupInput struct {
	Name        string  `json:"name"`
	GID         *uint32 `json:"gid"`
	Description *string `json:"description"`
}

func (c *call) createGroup() (*reply, error) {
	var in groupInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Name == "" {
		return nil, problem.BadRequest("Group name is required")
	}
	g := state.Group{
		ID: state.NewID(), Name: in.Name, GID: in.GID, Description: deref(in.Description), CreatedAt: state.Now(),
	}
	err := c.db.Update(func(d *state.Data) error {
		taken := state.Find(d.Groups, func(o *state.Group) bool {
			return o.Name == in.Name || in.GID != nil && o.GID != nil && *o.GID == *in.GID
		})
		if taken != nil {
			return problem.Conflict("Group already exists")
		}
		d.Groups = append(d.Groups, g)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return created(g)
}

// withGroup updates with the group of the path, or answers 404.
func (c *call) withGroup(f func(d *state.Data, g *state.Group) error) error {
	return c.db.Update(func(d *state.Data) error {
		g := state.Find(d.Groups, byGroupName(c.params["group"]))
		if g == nil {
			return problem.NotFound("Group not found")
		}
		return f(d, g)
	})
}

func (c *call) putGroup() (*reply, error) {
	var in groupInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	var out state.Group
	err := c.withGroup(func(d *state.Data, g *state.Group) error {
		set(&g.Description, in.Description)
		if in.GID != nil {
			g.GID = in.GID
		}
		out = groupView(d, *g)
		return nil
	})
	return answer(out, err)
}

func (c *call) deleteGroup() (*reply, error) {
	if slices.Contains(systemGroups, c.params["group"]) {
		return nil, problem.Forbidden("Cannot delete system group")
	}
	return done(c.withGroup(func(d *state.Data, g *state.Group) error {
		name := g.Name
		d.Groups = state.Remove(d.Groups, byGroupName(name))
		for i := range d.Users {
			d.Users[i].Groups = without(d.Users[i].Groups, name)
		}
		return nil
	}))
}

func without(list []string, name string) (out []string) {
	for _, s := range list {
		if s != name {
			out = append(out, s)
		}
	}
	return out
}

func (c *call) listMembers() (*reply, error) {
	type member struct {
		ID          string `json:"id"`
		Username    string `json:"username"`
		DisplayName string `json:"display_name,omitempty"`
		Email       string `json:"email,omitempty"`
		Role        string `json:"role"`
	}
	out := []member{}
	found := false
	c.db.View(func(d *state.Data) {
		found = state.Find(d.Groups, byGroupName(c.params["group"])) != nil
		for _, u := range d.Users {
			if slices.Contains(u.Groups, c.params["group"]) {
				out = append(out, member{u.ID, u.Username, u.DisplayName, u.Email, u.Role})
			}
		}
	})
	if !found {
		return nil, problem.NotFound("Group not found")
	}
	return ok(out)
}

func (c *call) addMember() (*reply, error) {
	var in struct {
		Username string `json:"username"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Username == "" {
		return nil, problem.BadRequest("Username is required")
	}
	return done(c.changeMember(in.Username, func(groups []string, name string) []string {
		return append(without(groups, name), name)
	}))
}

func (c *call) removeMember() (*reply, error) {
	return done(c.changeMember(c.params["user"], without))
}

func (c *call) changeMember(username string, change func(groups []string, name string) []string) error {
	return c.withGroup(func(d *state.Data, g *state.Group) error {
		u := state.Find(d.Users, byUsername(username))
		if u == nil {
			return problem.NotFound("User not found")
		}
		u.Groups = change(u.Groups, g.Name)
		return nil
	})
}
