// Package rights computes the least rights that the engine needs to carry out a
// package: from the kinds of objects that the templates write and from what the
// tasks do with them.
package rights

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/task"
)

// Secrets are read by name only: they are never listed or watched.
var (
	byName  = []string{"get"}
	watched = []string{"get", "list", "watch"}
)

// writes are the verbs that a task needs for what its templates write. Whatever the engine has
// applied or generated it may have to prune, or delete with the instance.
var writes = map[api.TaskKind][]string{
	api.TaskApply:    {"create", "patch", "delete"},
	api.TaskToggle:   {"create", "patch", "delete"},
	api.TaskGenerate: {"create", "patch", "delete"},
	api.TaskPatch:    {"patch"},
	api.TaskDelete:   {"delete"},
}

// workloads make Pods, whose state explains theirs.
var workloads = []string{"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"}

// rules collects verbs by group and resource.
type rules map[schema.GroupResource][]string

// Of returns the rules for all kinds of the package, sorted.
func Of(p *api.Package) ([]rbacv1.PolicyRule, error) {
	r := rules{}
	for _, k := range p.Kinds {
		if err := r.kind(p, k); err != nil {
			return nil, err
		}
	}
	// The engine's own: revisions and events live beside the instances.
	r.add(schema.GroupResource{Group: "apps", Resource: "controllerrevisions"}, "get", "create", "delete")
	r.add(schema.GroupResource{Group: "events.k8s.io", Resource: "events"}, "create", "patch")
	return r.sorted(), nil
}

func (r rules) kind(p *api.Package, k *api.Kind) error {
	r.instance(schema.GroupResource{Group: p.Group, Resource: k.Names.Plural})
	for i := range k.Tasks {
		if err := r.task(k, &k.Tasks[i]); err != nil {
			return err
		}
	}
	for _, e := range k.Endpoints {
		if e.Login != nil {
			r.add(schema.GroupResource{Resource: "secrets"}, byName...)
		}
	}
	return nil
}

// instance grants what serving the instances themselves needs.
func (r rules) instance(gr schema.GroupResource) {
	r.add(gr, watched...)
	r.add(gr, "patch") // finalizers
	r.add(schema.GroupResource{Group: gr.Group, Resource: gr.Resource + "/status"}, "patch")
	// Owner references that block deletion need this where that admission plugin is on.
	r.add(schema.GroupResource{Group: gr.Group, Resource: gr.Resource + "/finalizers"}, "update")
}

func (r rules) task(k *api.Kind, t *api.Task) error {
	if t.Wait != nil {
		r.object(schema.FromAPIVersionAndKind(t.Wait.APIVersion, t.Wait.Kind))
		return nil
	}
	part := &api.Kind{Names: k.Names, Templates: map[string]string{}}
	for _, name := range resources(t) {
		part.Templates[name] = k.Templates[name]
	}
	for name, text := range k.Templates {
		if strings.HasPrefix(name[strings.LastIndex(name, "/")+1:], "_") {
			part.Templates[name] = text
		}
	}
	program, err := task.Compile(part)
	if err != nil {
		return err
	}
	for _, gvk := range program.Kinds() {
		if verbs := writes[t.Kind]; verbs != nil {
			r.object(gvk, verbs...)
		}
	}
	return nil
}

// resources are the templates that a task renders.
func resources(t *api.Task) []string {
	switch {
	case t.Apply != nil:
		return t.Apply.Resources
	case t.Toggle != nil:
		return t.Toggle.Resources
	case t.Generate != nil:
		return t.Generate.Resources
	case t.Patch != nil:
		return t.Patch.Resources
	case t.Delete != nil:
		return t.Delete.Resources
	}
	return nil
}

// object grants the verbs on a kind, and reading it.
func (r rules) object(gvk schema.GroupVersionKind, verbs ...string) {
	pod := schema.GroupResource{Resource: "pods"}
	gr := resource(gvk)
	switch {
	case gvk.Group == "" && gvk.Kind == "Secret":
		r.add(gr, byName...)
	case gr == pod:
		r.add(pod, watched...)
		return
	default:
		r.add(gr, watched...)
	}
	if slices.Contains(workloads, gvk.Kind) {
		r.add(pod, watched...)
	}
	r.add(gr, verbs...)
}

func resource(gvk schema.GroupVersionKind) schema.GroupResource {
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	return plural.GroupResource()
}

func (r rules) add(gr schema.GroupResource, verbs ...string) {
	for _, v := range verbs {
		if !slices.Contains(r[gr], v) {
			r[gr] = append(r[gr], v)
		}
	}
}

// sorted joins resources of one group that have the same verbs.
func (r rules) sorted() []rbacv1.PolicyRule {
	joined := map[string]*rbacv1.PolicyRule{}
	for gr, verbs := range r {
		slices.Sort(verbs)
		key := gr.Group + " " + strings.Join(verbs, ",")
		if joined[key] == nil {
			joined[key] = &rbacv1.PolicyRule{APIGroups: []string{gr.Group}, Verbs: verbs}
		}
		joined[key].Resources = append(joined[key].Resources, gr.Resource)
	}
	var out []rbacv1.PolicyRule
	for _, rule := range joined {
		slices.Sort(rule.Resources)
		out = append(out, *rule)
	}
	slices.SortFunc(out, func(a, b rbacv1.PolicyRule) int {
		return strings.Compare(a.APIGroups[0]+" "+a.Resources[0], b.APIGroups[0]+" "+b.Resources[0])
	})
	return out
}
