package trigger

import (
	"strings"
	"testing"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// kind makes a kind of named plans.
func kind(plans ...api.Plan) *api.Kind {
	return &api.Kind{Names: api.Names{Kind: "Lamp"}, Plans: plans}
}

func plan(name string, t api.Triggers) api.Plan { return api.Plan{Name: name, Triggers: t} }

// server is a kind with plans of all sorts.
func server() *api.Kind {
	return kind(
		plan("deploy", api.Triggers{Created: true}),
		plan("upgrade", api.Triggers{PackageVersion: true, Paths: []string{"version", "image"}}),
		plan("resize", api.Triggers{}),
		plan("shrink", api.Triggers{Paths: []string{"storage.size"}, When: "spec.storage.size < old.storage.size"}),
		plan("tls", api.Triggers{Paths: []string{"tls.secret", "tls.mode"}}),
		plan("update", api.Triggers{}),
		plan("cleanup", api.Triggers{Deleted: true}),
	)
}

var schemaTriggers = map[string]string{"storage": "resize", "storage.class.name": "upgrade", "metrics.enabled": "tls"}

func spec(more m) m {
	all := m{"image": "a:1", "version": "1", "storage": m{"size": int64(10), "class": m{"name": "fast"}}, "logLevel": "info", "metrics": m{"enabled": true, "port": int64(1)}}
	for key, value := range more {
		if value == nil {
			delete(all, key)
			continue
		}
		all[key] = value
	}
	return all
}

// text writes a choice on one line.
func text(chosen []Chosen, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	var parts []string
	for _, c := range chosen {
		parts = append(parts, c.Plan+": "+c.Reason)
	}
	return strings.Join(parts, "; ")
}

func TestChoose(t *testing.T) {
	size := func(n int64) m { return m{"storage": m{"size": n, "class": m{"name": "fast"}}} }
	for name, c := range map[string]struct {
		in   Input
		want string
	}{
		"no change":                 {Input{Old: spec(nil), New: spec(nil)}, ""},
		"created":                   {Input{Created: true, New: spec(nil)}, "deploy: created"},
		"deleted":                   {Input{Deleted: true, Old: spec(nil), New: spec(m{"image": "b"})}, "cleanup: deleted"},
		"deleted without knowledge": {Input{Deleted: true, Created: true}, "cleanup: deleted"},
		"path of a plan":            {Input{Old: spec(nil), New: spec(m{"image": "b"})}, "upgrade: spec.image changed"},
		"two paths of a plan":       {Input{Old: spec(nil), New: spec(m{"image": "b", "version": "2"})}, "upgrade: spec.image and spec.version changed"},
		"three paths of a plan": {Input{Old: spec(nil), New: spec(m{"image": "b", "version": "2", "storage": m{"size": int64(10), "class": m{"name": "slow"}}})},
			"upgrade: spec.image and 2 more changed"},
		"schema, and a condition that fails": {Input{Old: spec(nil), New: spec(size(20))}, "resize: spec.storage.size changed"},
		"schema, and a condition that holds": {Input{Old: spec(nil), New: spec(size(5))}, "resize: spec.storage.size changed; shrink: spec.storage.size changed"},
		"the longest schema path wins":       {Input{Old: spec(nil), New: spec(m{"storage": m{"size": int64(10), "class": m{"name": "slow"}}})}, "upgrade: spec.storage.class.name changed"},
		"change above":                       {Input{Old: spec(nil), New: spec(m{"storage": m{"size": int64(10)}})}, "upgrade: spec.storage.class changed"},
		"object came, above plans' paths":    {Input{Old: spec(nil), New: spec(m{"tls": m{"secret": "s"}})}, "tls: spec.tls changed"},
		"empty object came":                  {Input{Old: spec(nil), New: spec(m{"tls": m{}})}, "tls: spec.tls changed"},
		"object went, part unclaimed":        {Input{Old: spec(nil), New: spec(m{"metrics": nil})}, "tls: spec.metrics changed; update: spec.metrics changed"},
		"unclaimed":                          {Input{Old: spec(nil), New: spec(m{"logLevel": "debug"})}, "update: spec.logLevel changed"},
		"claimed and unclaimed":              {Input{Old: spec(nil), New: spec(m{"logLevel": "debug", "image": "b"})}, "upgrade: spec.image changed; update: spec.logLevel changed"},
		"operation":                          {Input{Old: spec(nil), New: spec(m{"operation": m{"suspend": true}})}, ""},
		"package":                            {Input{PackageChanged: true, Old: spec(nil), New: spec(nil)}, "upgrade: package version changed"},
		"package and paths": {Input{PackageChanged: true, Old: spec(nil), New: spec(m{"image": "b", "logLevel": "debug"})},
			"upgrade: package version changed, spec.image changed; update: spec.logLevel changed"},
		"back to old, but begun before": {Input{Old: spec(nil), New: spec(nil), Unfinished: []map[string]any{spec(m{"image": "b"}), spec(m{"logLevel": "x"})}},
			"upgrade: spec.image changed; update: spec.logLevel changed"},
		"a prefix is no parent":   {Input{Old: spec(nil), New: spec(m{"imagePullPolicy": "x"})}, "update: spec.imagePullPolicy changed"},
		"condition not evaluable": {Input{Old: spec(m{"storage": nil}), New: spec(nil)}, `error: decide whether plan "shrink" is asked for: triggers.when: evaluate "spec.storage.size < old.storage.size": there is no "storage"`},
	} {
		c.in.SchemaTriggers = schemaTriggers
		if got := text(Choose(server(), c.in)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestFallbacks(t *testing.T) {
	never := api.Triggers{Paths: []string{"image"}, When: "false"}
	created, moved, changed := Input{Created: true}, Input{PackageChanged: true}, Input{Old: spec(nil), New: spec(m{"image": "b"})}
	for name, c := range map[string]struct {
		kind *api.Kind
		in   Input
		want string
	}{
		"created: deploy":                  {kind(plan("update", api.Triggers{}), plan("deploy", api.Triggers{})), created, "deploy: created"},
		"created: all that say so":         {kind(plan("b", api.Triggers{Created: true}), plan("deploy", api.Triggers{}), plan("a", api.Triggers{Created: true})), created, "b: created; a: created"},
		"created: condition":               {kind(plan("a", api.Triggers{Created: true, When: "false"}), plan("deploy", api.Triggers{})), created, "deploy: created"},
		"created: none":                    {kind(plan("update", api.Triggers{})), created, `error: Lamp was created and no plan takes it: the package needs a plan with triggers.created, or one named "deploy"`},
		"deleted: none":                    {kind(plan("deploy", api.Triggers{})), Input{Deleted: true}, ""},
		"deleted: others' conditions rest": {kind(plan("a", api.Triggers{When: "old.x"}), plan("b", api.Triggers{Deleted: true})), Input{Deleted: true}, "b: deleted"},
		"package: upgrade":                 {kind(plan("deploy", api.Triggers{}), plan("update", api.Triggers{}), plan("upgrade", api.Triggers{})), moved, "upgrade: package version changed"},
		"package: update":                  {kind(plan("deploy", api.Triggers{}), plan("update", api.Triggers{})), moved, "update: package version changed"},
		"package: deploy":                  {kind(plan("deploy", api.Triggers{})), moved, "deploy: package version changed"},
		"package: none":                    {kind(plan("a", api.Triggers{})), moved, `error: the package version changed and no plan takes it: the package needs a plan with triggers.packageVersion, or one named "upgrade", "update" or "deploy"`},
		"path: deploy":                     {kind(plan("a", never), plan("deploy", api.Triggers{})), changed, "deploy: spec.image changed"},
		"path: false, but another's":       {kind(plan("a", never), plan("b", api.Triggers{Paths: []string{"image"}}), plan("deploy", api.Triggers{})), changed, "b: spec.image changed"},
		"path: none":                       {kind(plan("a", never)), changed, `error: spec.image changed and no plan takes it: the package needs a plan whose triggers name the path, or one named "update" or "deploy"`},
	} {
		if got := text(Choose(c.kind, c.in)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestUnknownPlanInSchema(t *testing.T) {
	in := Input{Old: spec(nil), New: spec(nil), SchemaTriggers: map[string]string{"a": "resize"}}
	want := `error: a change of spec.a asks for plan "resize", which the package does not have`
	if got := text(Choose(kind(plan("deploy", api.Triggers{})), in)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
