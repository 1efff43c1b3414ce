package api

import (
	"sort"
	"strconv"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/bytesize"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) quotaRoutes(rt *router) {
	const path = "/api/v1/shares/{name}/quotas"
	rt.add(levelAdmin, "GET", path, (*call).listQuotas)
	for method, h := range map[string]handlerFunc{
		"GET": (*call).getQuota, "PUT": (*call).putQuota, "DELETE": (*call).deleteQuota,
	} {
		// Without a scope in the path this never works, as in the real server.
		rt.add(levelAdmin, method, path+"/default-user", h)
		rt.add(levelAdmin, method, path+"/{scope}/{id}", h)
	}
}

// quotaKey reads share, scope and identity of the path; the share need not
// exist.
func (c *call) quotaKey() (key state.Quota, err error) {
	name, err := c.share()
	if err != nil {
		return key, err
	}
	scope := c.params["scope"]
	if scope != "user" && scope != "group" {
		return key, problem.BadRequest("Invalid scope: %s (want user|group|default-user)", scope)
	}
	id, err := strconv.ParseUint(c.params["id"], 10, 32)
	if err != nil {
		return key, problem.BadRequest("Invalid identity id: %s", c.params["id"])
	}
	return state.Quota{Share: name, Scope: scope, Identity: uint32(id)}, nil
}

func sameQuota(key state.Quota) func(*state.Quota) bool {
	return func(q *state.Quota) bool {
		return q.Share == key.Share && q.Scope == key.Scope && q.Identity == key.Identity
	}
}

func (c *call) listQuotas() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	out := []state.Quota{}
	c.db.View(func(d *state.Data) {
		for _, q := range d.Quotas {
			if q.Share == name {
				out = append(out, q)
			}
		}
	})
	sort.Slice(out, func(i, j int) bool {
		if out[i].Scope != out[j].Scope {
			return out[i].Scope < out[j].Scope
		}
		return out[i].Identity < out[j].Identity
	})
	return ok(out)
}

func (c *call) getQuota() (*reply, error) {
	key, err := c.quotaKey()
	if err != nil {
		return nil, err
	}
	err = problem.NotFound("Quota not found")
	c.db.View(func(d *state.Data) {
		if q := state.Find(d.Quotas, sameQuota(key)); q != nil {
			key, err = *q, nil
		}
	})
	return answer(key, err)
}

func (c *call) putQuota() (*reply, error) {
	q, err := c.quotaKey()
	if err != nil {
		return nil, err
	}
	var in struct {
		LimitBytes   string `json:"limit_bytes"`
		SoftBytes    string `json:"soft_bytes"`
		LimitFiles   int64  `json:"limit_files"`
		SoftFiles    int64  `json:"soft_files"`
		GraceSeconds int64  `json:"grace_seconds"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	limit, err := quotaBytes("limit_bytes", in.LimitBytes)
	if err != nil {
		return nil, err
	}
	soft, err := quotaBytes("soft_bytes", in.SoftBytes)
	switch {
	case err != nil:
		return nil, err
	case limit > 0 && soft > limit:
		return nil, problem.BadRequest("soft_bytes must not exceed limit_bytes")
	case in.LimitFiles < 0 || in.SoftFiles < 0 || in.GraceSeconds < 0:
		return nil, problem.BadRequest("limit_files, soft_files and grace_seconds must be >= 0")
	}
	q.LimitBytes, q.SoftBytes = bytesize.Format(limit), bytesize.Format(soft)
	q.LimitFiles, q.SoftFiles, q.GraceSeconds = in.LimitFiles, in.SoftFiles, in.GraceSeconds
	err = c.db.Update(func(d *state.Data) error {
		d.Quotas = append(state.Remove(d.Quotas, sameQuota(q)), q)
		return nil
	})
	return answer(q, err)
}

func quotaBytes(field, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := bytesize.Parse(text)
	if err != nil {
		return 0, problem.BadRequest("Invalid %s: %s", field, err)
	}
	return n, nil
}

func (c *call) deleteQuota() (*reply, error) {
	key, err := c.quotaKey()
	if err != nil {
		return nil, err
	}
	return done(c.db.Update(func(d *state.Data) error {
		if state.Find(d.Quotas, sameQuota(key)) == nil {
			return problem.NotFound("Quota not found")
		}
		d.Quotas = state.Remove(d.Quotas, sameQuota(key))
		return nil
	}))
}
