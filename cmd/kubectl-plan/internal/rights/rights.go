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

// verbs by what the engine does. Secrets are read by name only: they are never listed or watched.
var (
	watched   = []string{"get", "list", "watch"}
	written   = []string{"create", "patch", "delete"}
	unwatched = []string{"get"}
)

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
	// The engine's own: revisions, events, and package versions live beside the instances.
	r.add(schema.GroupResource{Group: "apps", Resource: "controllerrevisions"}, "get", "create", "delete")
	r.add(schema.GroupResource{Group: "events.k8s.io", Resource: "events"}, "create", "patch")
	return r.sorted(), nil
}

func (r rules) kind(p *api.Package, k *api.Kind) error {
	own := schema.GroupResource{Group: p.Group, Resource: k.Names.Plural}
	r.add(own, watched...)
	r.add(own, "patch")
	r.add(schema.GroupResource{Group: p.Group, Resource: k.Names.Plural + "/status"}, "patch")
	// Owner references that block deletion need this where that admission plugin is on.
	r.add(schema.GroupResource{Group: p.Group, Resource: k.Names.Plural + "/finalizers"}, "update")
	program, err := task.Compile(k)
	if err != nil {
		return err
	}
	for _, gvk := range program.Kinds() {
		r.object(gvk)
	}
	for i := range k.Tasks {
		if w := k.Tasks[i].Wait; w != nil {
			r.add(resource(schema.FromAPIVersionAndKind(w.APIVersion, w.Kind)), unwatched...)
		}
	}
	for _, e := range k.Endpoints {
		if e.Login != nil {
			r.add(schema.GroupResource{Resource: "secrets"}, unwatched...)
		}
	}
	return nil
}

// object grants what applying, pruning and deleting objects of a kind needs.
func (r rules) object(gvk schema.GroupVersionKind) {
	gr := resource(gvk)
	switch {
	case gvk.Group == "" && gvk.Kind == "Pod":
		r.add(gr, watched...)
	case gvk.Group == "" && gvk.Kind == "Secret":
		r.add(gr, unwatched...)
		r.add(gr, written...)
	default:
		r.add(gr, watched...)
		r.add(gr, written...)
	}
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
