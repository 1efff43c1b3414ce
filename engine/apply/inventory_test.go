package apply

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func config(name string) api.ObjectRef {
	return api.ObjectRef{APIVersion: "v1", Kind: "ConfigMap", Namespace: "n", Name: name}
}

func TestSetKeepsOrderAndItsArgument(t *testing.T) {
	old := []api.TaskObjects{{Task: "a", Objects: []api.ObjectRef{config("1")}}, {Task: "b", Objects: []api.ObjectRef{config("2")}}}
	got := Set(Set(Set(old, "c", []api.ObjectRef{config("3")}), "a", []api.ObjectRef{config("4")}), "b", nil)
	want := []api.TaskObjects{{Task: "a", Objects: []api.ObjectRef{config("4")}}, {Task: "c", Objects: []api.ObjectRef{config("3")}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if old[0].Objects[0] != config("1") || len(old) != 2 {
		t.Errorf("the argument was changed: %v", old)
	}
}

func TestAddIsAUnion(t *testing.T) {
	kept := config("1")
	kept.Retain = true
	got := Add([]api.TaskObjects{{Task: "a", Objects: []api.ObjectRef{config("1"), config("2")}}}, "a", []api.ObjectRef{kept, config("3")})
	want := []api.TaskObjects{{Task: "a", Objects: []api.ObjectRef{kept, config("2"), config("3")}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefsAndRemove(t *testing.T) {
	newer := api.ObjectRef{APIVersion: "policy/v1", Kind: "PodDisruptionBudget", Name: "p"}
	older := api.ObjectRef{APIVersion: "policy/v1beta1", Kind: "PodDisruptionBudget", Name: "p"}
	inventory := []api.TaskObjects{{Task: "a", Objects: []api.ObjectRef{config("1"), newer}}, {Task: "b", Objects: []api.ObjectRef{older, config("2")}}}
	if diff := cmp.Diff([]api.ObjectRef{config("1"), newer, config("2")}, Refs(inventory)); diff != "" {
		t.Error(diff)
	}
	got := Remove(Remove(inventory, older), config("2"))
	if diff := cmp.Diff([]api.TaskObjects{{Task: "a", Objects: []api.ObjectRef{config("1")}}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestObsolete(t *testing.T) {
	inventory := []api.TaskObjects{
		{Task: "a", Objects: []api.ObjectRef{config("1"), config("2"), config("3")}},
		{Task: "b", Objects: []api.ObjectRef{config("3")}},
	}
	if diff := cmp.Diff([]api.ObjectRef{config("2")}, Obsolete(inventory, "a", []api.ObjectRef{config("1")})); diff != "" {
		t.Error(diff)
	}
	if got := Obsolete(inventory, "new", []api.ObjectRef{config("1")}); got != nil {
		t.Errorf("a task without a past has nothing to prune, got %v", got)
	}
}

// An object is obsolete exactly when the new inventory has it no more.
func TestObsoleteIsTheDifference(t *testing.T) {
	refs := rapid.SliceOfDistinct(rapid.Map(rapid.SampledFrom([]string{"1", "2", "3", "4"}), config), func(r api.ObjectRef) string { return r.Name })
	rapid.Check(t, func(t *rapid.T) {
		var inventory []api.TaskObjects
		for _, task := range []string{"a", "b", "c"} {
			inventory = Set(inventory, task, refs.Draw(t, task))
		}
		now := refs.Draw(t, "now")
		after := Set(inventory, "b", now)
		gone := Obsolete(inventory, "b", now)
		for _, ref := range Refs(inventory) {
			if lost := !Contains(after, ref); lost != slices.ContainsFunc(gone, ref.Same) {
				t.Fatalf("%s: lost %v, obsolete %v", ref, lost, gone)
			}
		}
	})
}

func TestWaves(t *testing.T) {
	ref := func(apiVersion, kind string) api.ObjectRef {
		return api.ObjectRef{APIVersion: apiVersion, Kind: kind, Name: "x"}
	}
	got := Waves([]api.TaskObjects{{Task: "all", Objects: []api.ObjectRef{
		ref("apiextensions.k8s.io/v1", "CustomResourceDefinition"), ref("v1", "Namespace"), ref("v1", "ConfigMap"), ref("example.org/v1", "Cluster"),
		ref("v1", "PersistentVolumeClaim"), ref("v1", "Pod"), ref("networking.k8s.io/v1", "Ingress"), ref("policy/v1", "PodDisruptionBudget"),
		ref("apps/v1", "StatefulSet"), ref("batch/v1", "Job"), ref("autoscaling/v2", "HorizontalPodAutoscaler"),
	}}})
	want := [][]string{
		{"Job/x", "StatefulSet/x", "Pod/x", "Cluster/x"},
		{"HorizontalPodAutoscaler/x", "PodDisruptionBudget/x", "Ingress/x", "PersistentVolumeClaim/x", "ConfigMap/x"},
		{"Namespace/x", "CustomResourceDefinition/x"},
	}
	var names [][]string
	for _, wave := range got {
		names = append(names, texts(wave))
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if got := Waves(nil); len(got) != 0 {
		t.Errorf("want no waves, got %v", got)
	}
}

func TestPrunable(t *testing.T) {
	kept := config("kept")
	kept.Retain = true
	claim := api.ObjectRef{APIVersion: "v1", Kind: "PersistentVolumeClaim", Name: "c"}
	secret := api.ObjectRef{APIVersion: "v1", Kind: "Secret", Name: "s"}
	namesake := api.ObjectRef{APIVersion: "example.org/v1", Kind: "Secret", Name: "s"}
	for _, c := range []struct {
		ref                    api.ObjectRef
		omitted, always, never bool
	}{
		{config("a"), true, true, false},
		{kept, false, true, false},
		{claim, false, true, false},
		{secret, false, true, false},
		{namesake, true, true, false},
	} {
		for policy, want := range map[string]bool{"": c.omitted, PruneAlways: c.always, PruneNever: c.never, "Always": false} {
			if got := Prunable(c.ref, policy); got != want {
				t.Errorf("%s %q: want %v, got %v", c.ref, policy, want, got)
			}
		}
	}
}
