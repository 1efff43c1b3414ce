package api

import (
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) settingRoutes(rt *router) {
	const path = "/api/v1/settings"
	rt.group(path)
	rt.add(levelAdmin, "GET", path, (*call).listSettings)
	rt.add(levelAdmin, "GET", path+"/{key}", (*call).getSetting)
	rt.add(levelAdmin, "PUT", path+"/{key}", (*call).putSetting)
	rt.add(levelAdmin, "DELETE", path+"/{key}", (*call).deleteSetting)
}

func bySetting(key string) func(*state.Setting) bool {
	return func(s *state.Setting) bool { return s.Key == key }
}

type settingView struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (c *call) listSettings() (*reply, error) {
	out := []state.Setting{}
	c.db.View(func(d *state.Data) { out = append(out, d.Settings...) })
	slices.SortFunc(out, func(a, b state.Setting) int { return strings.Compare(a.Key, b.Key) })
	return ok(out)
}

// getSetting answers 200 with an empty value for an unknown key.
func (c *call) getSetting() (*reply, error) {
	out := settingView{Key: c.params["key"]}
	c.db.View(func(d *state.Data) {
		if s := state.Find(d.Settings, bySetting(out.Key)); s != nil {
			out.Value = s.Value
		}
	})
	return ok(out)
}

func (c *call) putSetting() (*reply, error) {
	var in struct {
		Value string `json:"value"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	row := state.Setting{Key: c.params["key"], Value: in.Value, UpdatedAt: state.Now()}
	err := c.db.Update(func(d *state.Data) error {
		d.Settings = append(state.Remove(d.Settings, bySetting(row.Key)), row)
		return nil
	})
	return answer(settingView{row.Key, row.Value}, err)
}

func (c *call) deleteSetting() (*reply, error) {
	return done(c.db.Update(func(d *state.Data) error {
		d.Settings = state.Remove(d.Settings, bySetting(c.params["key"]))
		return nil
	}))
}
