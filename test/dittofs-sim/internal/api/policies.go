package api

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) policyRoutes(rt *router) {
	const path = "/api/v1/shares/{name}/snapshot-policy"
	rt.group("/api/v1/snapshot-policies")
	rt.add(levelAdmin, "GET", "/api/v1/snapshot-policies", (*call).listPolicies)
	rt.add(levelAdmin, "GET", path, (*call).getPolicy)
	rt.add(levelAdmin, "PUT", path, (*call).putPolicy)
	rt.add(levelAdmin, "DELETE", path, (*call).deletePolicy)
	rt.add(levelAdmin, "POST", path+"/run", (*call).runPolicy)
}

var errNoPolicy = problem.NotFound("snapshot policy not found")

var prefixPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

func byPolicy(share string) func(*state.Policy) bool {
	return func(p *state.Policy) bool { return p.Share == share }
}

func (c *call) listPolicies() (*reply, error) {
	out := []state.Policy{}
	c.db.View(func(d *state.Data) { out = append(out, d.Policies...) })
	return ok(out)
}

// policy is the policy of the share in the path, or a 404.
func (c *call) policy() (p state.Policy, err error) {
	name, err := c.share()
	if err != nil {
		return p, err
	}
	err = errNoPolicy
	c.db.View(func(d *state.Data) {
		if row := state.Find(d.Policies, byPolicy(name)); row != nil {
			p, err = *row, nil
		}
	})
	return p, err
}

func (c *call) getPolicy() (*reply, error) {
	p, err := c.policy()
	return answer(p, err)
}

type policyInput struct {
	Interval   string `json:"interval"`
	KeepLast   int    `json:"keep_last"`
	TTL        string `json:"ttl"`
	Enabled    *bool  `json:"enabled"`
	NamePrefix string `json:"name_prefix"`
}

func (in *policyInput) build() (p state.Policy, err error) {
	interval, err := parseInterval(in.Interval)
	if err != nil {
		return p, problem.BadRequest("invalid interval: schedule: %s", err)
	}
	ttl := time.Duration(0)
	if in.TTL != "" {
		ttl, err = time.ParseDuration(in.TTL)
	}
	switch {
	case err != nil:
		return p, problem.BadRequest("invalid ttl: %s", err)
	case ttl < 0:
		return p, problem.BadRequest("invalid ttl: must be >= 0")
	case in.KeepLast < 0:
		return p, problem.BadRequest("keep_last must be >= 0")
	case !prefixPattern.MatchString(in.NamePrefix):
		return p, problem.BadRequest("invalid name_prefix: must match %s", prefixPattern)
	}
	p = state.Policy{
		Enabled: in.Enabled == nil || *in.Enabled, Interval: interval.String(), KeepLast: in.KeepLast,
		NamePrefix: in.NamePrefix, CreatedAt: state.Now(), UpdatedAt: state.Now(),
	}
	if ttl > 0 {
		p.TTL = ttl.String()
	}
	return p, nil
}

func parseInterval(text string) (time.Duration, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch {
	case text == "":
		return 0, errors.New("empty interval")
	case text == "@hourly":
		return time.Hour, nil
	case text == "@daily":
		return 24 * time.Hour, nil
	case text == "@weekly":
		return 168 * time.Hour, nil
	case strings.HasPrefix(text, "@"):
		return 0, fmt.Errorf("unknown shorthand %q (want @hourly, @daily, @weekly)", text)
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("invalid interval %q: %w", text, err)
	case d <= 0:
		return 0, fmt.Errorf("interval must be positive, got %q", text)
	}
	return d, nil
}

func (c *call) putPolicy() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	var in policyInput
	if err := c.decodeOptional(&in); err != nil {
		return nil, err
	}
	p, err := in.build()
	if err != nil {
		return nil, err
	}
	p.Share = name
	err = c.db.Update(func(d *state.Data) error {
		if state.Find(d.Shares, byShare(name)) == nil {
			return errNoShare
		}
		if old := state.Find(d.Policies, byPolicy(name)); old != nil {
			p.CreatedAt, p.LastRunAt = old.CreatedAt, old.LastRunAt
			*old = p
			return nil
		}
		d.Policies = append(d.Policies, p)
		return nil
	})
	return answer(p, err)
}

func (c *call) deletePolicy() (*reply, error) {
	p, err := c.policy()
	if err != nil {
		return nil, err
	}
	return done(c.db.Update(func(d *state.Data) error {
		d.Policies = state.Remove(d.Policies, byPolicy(p.Share))
		return nil
	}))
}

// runPolicy prunes before the new snapshot is ready, so that one more than
// keep_last stays.
func (c *call) runPolicy() (*reply, error) {
	p, err := c.policy()
	if err != nil {
		return nil, err
	}
	if c.engine.Share(p.Share) == nil {
		return nil, errNoShare
	}
	c.prune(p)
	now := state.Now()
	err = c.db.Update(func(d *state.Data) error {
		if row := state.Find(d.Policies, byPolicy(p.Share)); row != nil {
			row.LastRunAt = &now
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	name := now.Format("20060102-150405")
	if p.NamePrefix != "" {
		name = p.NamePrefix + "-" + name
	}
	return c.startSnapshot(state.Snapshot{ID: state.NewID(), Name: name, Share: p.Share, Scheduled: true}, true)
}

func (c *call) prune(p state.Policy) {
	if p.KeepLast == 0 {
		return
	}
	var ids []string
	c.db.View(func(d *state.Data) {
		for _, s := range d.Snapshots {
			if s.Share == p.Share && s.Scheduled && s.State == "ready" {
				ids = append(ids, s.ID)
			}
		}
	})
	for len(ids) > p.KeepLast {
		id := ids[0]
		ids = ids[1:]
		_ = c.db.Update(func(d *state.Data) error {
			d.Snapshots = state.Remove(d.Snapshots, bySnapshot(p.Share, id))
			return nil
		})
		c.engine.DropSnapshot(p.Share, id)
	}
}
