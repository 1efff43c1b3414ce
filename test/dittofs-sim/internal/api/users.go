package api

import (
	"slices"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) userRoutes(rt *router) {
	rt.group("/api/v1/users")
	rt.add(levelAdmin, "GET", "/api/v1/users", (*call).listUsers)
	rt.add(levelAdmin, "POST", "/api/v1/users", (*call).createUser)
	rt.add(levelUser, "GET", "/api/v1/users/{user}", (*call).getUser)
	rt.add(levelAdmin, "PUT", "/api/v1/users/{user}", (*call).putUser)
	rt.add(levelAdmin, "DELETE", "/api/v1/users/{user}", (*call).deleteUser)
	rt.add(levelAdmin, "POST", "/api/v1/users/{user}/password", (*call).resetPassword)
}

func byUsername(name string) func(*state.User) bool {
	return func(u *state.User) bool { return u.Username == name }
}

// findUser returns a copy of a user or nil.
func (s *Server) findUser(name string) (out *state.User) {
	s.db.View(func(d *state.Data) {
		if u := state.Find(d.Users, byUsername(name)); u != nil {
			copied := *u
			out = &copied
		}
	})
	return out
}

func (s *Server) updateUser(name string, change func(u *state.User)) error {
	return s.db.Update(func(d *state.Data) error {
		u := state.Find(d.Users, byUsername(name))
		if u == nil {
			return problem.NotFound("User not found")
		}
		change(u)
		return nil
	})
}

func (c *call) listUsers() (*reply, error) {
	out := []state.User{}
	c.db.View(func(d *state.Data) {
		for _, u := range d.Users {
			out = append(out, u.Public())
		}
	})
	return ok(out)
}

func (c *call) getUser() (*reply, error) {
	name := c.params["user"]
	if c.claims.Role != "admin" && c.claims.Username != name {
		return nil, problem.Forbidden("Access denied")
	}
	u := c.findUser(name)
	if u == nil {
		return nil, problem.NotFound("User not found")
	}
	return ok(u.Public())
}

type userInput struct {
	Username    string    `json:"username"`
	Password    string    `json:"password"`
	Email       *string   `json:"email"`
	DisplayName *string   `json:"display_name"`
	Role        *string   `json:"role"`
	UID         *uint32   `json:"uid"`
	GID         *uint32   `json:"gid"`
	Groups      *[]string `json:"groups"`
	Enabled     *bool     `json:"enabled"`
}

// check validates role, groups and uid against the rows.
func (in *userInput) check(d *state.Data, self string) error {
	if in.Role != nil && *in.Role != "" && !slices.Contains([]string{"user", "admin", "operator"}, *in.Role) {
		return problem.BadRequest("Invalid role. Must be 'user', 'admin', or 'operator'")
	}
	for _, g := range deref(in.Groups) {
		if state.Find(d.Groups, byGroupName(g)) == nil {
			return problem.BadRequest("One or more specified groups do not exist")
		}
	}
	if in.UID != nil && state.Find(d.Users, func(u *state.User) bool {
		return u.Username != self && u.UID != nil && *u.UID == *in.UID
	}) != nil {
		return problem.Conflict("User already exists")
	}
	return nil
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func set[T any](target *T, p *T) {
	if p != nil {
		*target = *p
	}
}

func (in *userInput) apply(u *state.User) {
	set(&u.Email, in.Email)
	set(&u.DisplayName, in.DisplayName)
	if deref(in.Role) != "" {
		u.Role = *in.Role
	}
	if in.UID != nil {
		u.UID = in.UID
	}
	if in.GID != nil {
		u.GID = in.GID
	}
	set(&u.Groups, in.Groups)
	set(&u.Enabled, in.Enabled)
}

func (c *call) createUser() (*reply, error) {
	var in userInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Username == "":
		return nil, problem.BadRequest("Username is required")
	case in.Password == "":
		return nil, problem.BadRequest("Password is required")
	}
	in.Enabled = nil // ignored on create, as in the real server
	hash, hashErr := HashPassword(in.Password)
	u := state.User{ID: state.NewID(), Username: in.Username, Role: "user", Enabled: true, CreatedAt: state.Now()}
	err := c.db.Update(func(d *state.Data) error {
		if err := in.check(d, ""); err != nil {
			return err
		}
		if hashErr != nil {
			return problem.Internal("Failed to hash password")
		}
		if state.Find(d.Users, byUsername(in.Username)) != nil {
			return problem.Conflict("User already exists")
		}
		in.apply(&u)
		u.PasswordHash, u.MustChange = hash, u.Role == "admin"
		d.Users = append(d.Users, u)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return created(u.Public())
}

func (c *call) putUser() (*reply, error) {
	var in userInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	var out state.User
	err := c.db.Update(func(d *state.Data) error {
		u := state.Find(d.Users, byUsername(c.params["user"]))
		if u == nil {
			return problem.NotFound("User not found")
		}
		if err := in.check(d, u.Username); err != nil {
			return err
		}
		in.apply(u)
		out = u.Public()
		return nil
	})
	return answer(out, err)
}

func (c *call) deleteUser() (*reply, error) {
	name := c.params["user"]
	if name == "admin" {
		return nil, problem.Forbidden("Cannot delete admin user")
	}
	return done(c.db.Update(func(d *state.Data) error {
		if state.Find(d.Users, byUsername(name)) == nil {
			return problem.NotFound("User not found")
		}
		d.Users = state.Remove(d.Users, byUsername(name))
		return nil
	}))
}

func (c *call) resetPassword() (*reply, error) {
	var in struct {
		New string `json:"new_password"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.New == "" {
		return nil, problem.BadRequest("New password is required")
	}
	u := c.findUser(c.params["user"])
	if u == nil {
		return nil, problem.NotFound("User not found")
	}
	hash, err := HashPassword(in.New)
	if err != nil {
		return nil, problem.Internal("Failed to hash password")
	}
	return done(c.updateUser(u.Username, func(u *state.User) {
		u.PasswordHash, u.MustChange = hash, u.Role == "admin"
	}))
}
