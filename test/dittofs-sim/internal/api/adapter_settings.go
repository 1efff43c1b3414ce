package api

import (
	"maps"
	"reflect"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) adapterSettingsRoutes(rt *router) {
	const path = "/api/v1/adapters/{type}/settings"
	rt.add(levelAdmin, "GET", path, (*call).getAdapterSettings)
	rt.add(levelAdmin, "PUT", path, (*call).putAdapterSettings)
	rt.add(levelAdmin, "PATCH", path, (*call).patchAdapterSettings)
	rt.add(levelAdmin, "GET", path+"/defaults", (*call).adapterSettingsDefaults)
	rt.add(levelAdmin, "POST", path+"/reset", (*call).resetAdapterSettings)
}

// currentSettings returns a copy of the stored settings, or the defaults.
func currentSettings(a *state.Adapter) map[string]any {
	if a.Settings != nil {
		return maps.Clone(a.Settings)
	}
	return settingsSchemas[a.Type].fresh()
}

func (c *call) getAdapterSettings() (*reply, error) {
	a, err := c.findAdapter(c.params["type"])
	if err != nil {
		return nil, err
	}
	return ok(currentSettings(a))
}

func (c *call) adapterSettingsDefaults() (*reply, error) {
	schema, known := settingsSchemas[c.params["type"]]
	if !known {
		return nil, problem.BadRequest("Unsupported adapter type: %s", c.params["type"])
	}
	return ok(map[string]any{"defaults": schema.fresh(), "ranges": schema.ranges})
}

func (c *call) patchAdapterSettings() (*reply, error) { return c.changeSettings(false) }

// putAdapterSettings takes missing fields as zero.
func (c *call) putAdapterSettings() (*reply, error) { return c.changeSettings(true) }

func (c *call) changeSettings(replace bool) (*reply, error) {
	a, err := c.findAdapter(c.params["type"])
	if err != nil {
		return nil, err
	}
	var in map[string]any
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	schema := settingsSchemas[a.Type]
	next, version := currentSettings(a), currentSettings(a)["version"]
	if replace {
		zero(next)
	}
	for name, v := range in {
		old, known := schema.fresh()[name]
		if !known || name == "version" {
			continue
		}
		if v != nil && reflect.TypeOf(v) != reflect.TypeOf(old) {
			return nil, problem.BadRequest("Invalid request body")
		}
		next[name] = v
	}
	next["version"] = version
	query := c.r.URL.Query()
	if bad := schema.violations(a.Type, next); len(bad) > 0 && query.Get("force") != "true" {
		return nil, problem.Validation(bad)
	}
	if query.Get("dry_run") == "true" {
		return ok(next)
	}
	return c.storeSettings(a.Type, next)
}

func zero(values map[string]any) {
	for name, v := range values {
		if reflect.TypeOf(v).Kind() == reflect.Slice {
			values[name] = []any{}
			continue
		}
		values[name] = reflect.Zero(reflect.TypeOf(v)).Interface()
	}
}

// storeSettings raises the version, also when nothing changed.
func (c *call) storeSettings(kind string, next map[string]any) (*reply, error) {
	n, _ := next["version"].(float64)
	next["version"] = n + 1
	err := c.db.Update(func(d *state.Data) error {
		a := state.Find(d.Adapters, byType(kind))
		if a == nil {
			return problem.NotFound("Adapter not found")
		}
		a.Settings = next
		return nil
	})
	return answer(next, err)
}

func (c *call) resetAdapterSettings() (*reply, error) {
	a, err := c.findAdapter(c.params["type"])
	if err != nil {
		return nil, err
	}
	next, fresh := currentSettings(a), settingsSchemas[a.Type].fresh()
	version := next["version"]
	if name := c.r.URL.Query().Get("setting"); name != "" {
		if _, known := fresh[name]; !known {
			return nil, problem.BadRequest("Unknown %s setting: %s", strings.ToUpper(a.Type), name)
		}
		next[name] = fresh[name]
	} else {
		next = fresh
	}
	next["version"] = version
	return c.storeSettings(a.Type, next)
}
