package rights

import (
	"slices"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// lamp is a package with one kind that has these tasks; each template is named after its object's kind.
func lamp(tasks ...api.Task) *api.Package {
	templates := map[string]string{}
	for kind, apiVersion := range map[string]string{"ConfigMap": "v1", "Secret": "v1", "Deployment": "apps/v1", "Pod": "v1", "NetworkPolicy": "networking.k8s.io/v1"} {
		templates[kind+".yaml"] = "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: a}\n"
	}
	k := &api.Kind{Names: api.Names{Kind: "Lamp", Plural: "lamps"}, Tasks: tasks, Templates: templates}
	return &api.Package{Name: "lamp", Group: "example.org", Kinds: []*api.Kind{k}}
}

// verbs are what the rules grant on a resource.
func verbs(t *testing.T, p *api.Package, group, resource string) []string {
	t.Helper()
	rules, err := Of(p)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rules {
		if slices.Contains(r.APIGroups, group) && slices.Contains(r.Resources, resource) {
			out = append(out, r.Verbs...)
		}
	}
	return out
}

func TestVerbsByTask(t *testing.T) {
	apply := func(files ...string) *api.ApplySpec { return &api.ApplySpec{Resources: files} }
	whole := []string{"create", "delete", "get", "list", "patch", "watch"}
	read := []string{"get", "list", "watch"}
	for name, c := range map[string]struct {
		task            api.Task
		group, resource string
		want            []string
	}{
		"apply":                   {api.Task{Kind: api.TaskApply, Apply: apply("ConfigMap.yaml")}, "", "configmaps", whole},
		"nothing unasked":         {api.Task{Kind: api.TaskApply, Apply: apply("ConfigMap.yaml")}, "", "secrets", nil},
		"toggle":                  {api.Task{Kind: api.TaskToggle, Toggle: &api.ToggleSpec{ApplySpec: *apply("NetworkPolicy.yaml")}}, "networking.k8s.io", "networkpolicies", whole},
		"secrets are not listed":  {api.Task{Kind: api.TaskGenerate, Generate: &api.GenerateSpec{Resources: []string{"Secret.yaml"}}}, "", "secrets", []string{"create", "delete", "get", "patch"}},
		"patch makes nothing":     {api.Task{Kind: api.TaskPatch, Patch: &api.PatchSpec{Resources: []string{"ConfigMap.yaml"}}}, "", "configmaps", []string{"get", "list", "patch", "watch"}},
		"delete":                  {api.Task{Kind: api.TaskDelete, Delete: &api.DeleteSpec{Resources: []string{"ConfigMap.yaml"}}}, "", "configmaps", []string{"delete", "get", "list", "watch"}},
		"wait only reads":         {api.Task{Kind: api.TaskWait, Wait: &api.WaitSpec{APIVersion: "v1", Kind: "ConfigMap"}}, "", "configmaps", read},
		"wait for a Secret":       {api.Task{Kind: api.TaskWait, Wait: &api.WaitSpec{APIVersion: "v1", Kind: "Secret"}}, "", "secrets", []string{"get"}},
		"workloads show Pods":     {api.Task{Kind: api.TaskApply, Apply: apply("Deployment.yaml")}, "", "pods", read},
		"a workload waited for":   {api.Task{Kind: api.TaskWait, Wait: &api.WaitSpec{APIVersion: "apps/v1", Kind: "StatefulSet"}}, "", "pods", read},
		"instances":               {api.Task{Kind: api.TaskDummy, Dummy: &api.DummySpec{}}, "example.org", "lamps", []string{"get", "list", "patch", "watch"}},
		"status":                  {api.Task{Kind: api.TaskDummy, Dummy: &api.DummySpec{}}, "example.org", "lamps/status", []string{"patch"}},
		"finalizers":              {api.Task{Kind: api.TaskDummy, Dummy: &api.DummySpec{}}, "example.org", "lamps/finalizers", []string{"update"}},
		"revisions are immutable": {api.Task{Kind: api.TaskDummy, Dummy: &api.DummySpec{}}, "apps", "controllerrevisions", []string{"create", "delete", "get"}},
		"events":                  {api.Task{Kind: api.TaskDummy, Dummy: &api.DummySpec{}}, "events.k8s.io", "events", []string{"create", "patch"}},
	} {
		c.task.Name = "it"
		if got := verbs(t, lamp(c.task), c.group, c.resource); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestCredentialsOfAnEndpointAreRead(t *testing.T) {
	p := lamp()
	p.Kinds[0].Endpoints = []api.Endpoint{{Name: "switch", Login: &api.Login{Secret: "a", Token: "body"}}}
	if got := verbs(t, p, "", "secrets"); !slices.Equal(got, []string{"get"}) {
		t.Errorf("%v", got)
	}
}

func TestRulesAreSortedAndDisjoint(t *testing.T) {
	p := lamp(
		api.Task{Name: "a", Kind: api.TaskApply, Apply: &api.ApplySpec{Resources: []string{"ConfigMap.yaml", "Deployment.yaml", "NetworkPolicy.yaml"}}},
		api.Task{Name: "b", Kind: api.TaskPatch, Patch: &api.PatchSpec{Resources: []string{"ConfigMap.yaml"}}})
	rules, err := Of(p)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, r := range rules {
		if i > 0 && first(rules[i-1]) >= first(r) {
			t.Errorf("rule %d is out of order: %v", i, r)
		}
		for _, resource := range r.Resources {
			if key := r.APIGroups[0] + "/" + resource; seen[key] {
				t.Errorf("%s stands in two rules", key)
			} else {
				seen[key] = true
			}
		}
	}
}

func first(r rbacv1.PolicyRule) string { return r.APIGroups[0] + " " + r.Resources[0] }
