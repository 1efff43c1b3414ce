package apply

import (
	"slices"
	"testing"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func (b *bench) ref(apiVersion, kind, name string) api.ObjectRef {
	return api.ObjectRef{APIVersion: apiVersion, Kind: kind, Namespace: b.owner.namespace(), Name: name}
}

// delete deletes and compares what is said.
func (b *bench) delete(ref api.ObjectRef, o DeleteOptions, wantGone bool) {
	b.t.Helper()
	gone, err := b.Delete(b.ctx, b.owner, ref, o)
	must(b.t, err)
	if gone != wantGone {
		b.t.Errorf("%s: want gone %v, got %v", ref, wantGone, gone)
	}
}

func TestDelete(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{}"), Options{})
	b.seen.take()
	b.delete(RefOf(live), DeleteOptions{}, true)
	b.expect("DELETE configmaps/a", "GET configmaps/a")
	if b.now(live) != nil {
		t.Error("it is still there")
	}
	b.forgotten(live)
	b.delete(b.ref("v1", "ConfigMap", "a"), DeleteOptions{}, true)
	b.expect("GET configmaps/a")
	b.delete(b.ref("example.org/v1", "Nothing", "a"), DeleteOptions{}, true)
	b.expect()
}

func TestDeleteWaitsForFinalizers(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(statefulSet("s", "s", 1), Options{})
	b.delete(RefOf(live), DeleteOptions{}, false)
	dying := b.now(live)
	if f := dying.GetFinalizers(); !slices.Equal(f, []string{"foregroundDeletion"}) {
		t.Errorf("want its Pods gone first, got %v", f)
	}
	b.catchUp(dying)
	b.seen.take()
	b.delete(RefOf(live), DeleteOptions{}, false)
	b.expect()
	b.collect(dying)
	b.forgotten(dying)
	b.delete(RefOf(live), DeleteOptions{}, true)
}

func TestDeleteTouchesNoForeignObject(t *testing.T) {
	b := newBench(t)
	theirs := b.make(configMap("free", "{}"))
	labelled := b.make("{apiVersion: v1, kind: ConfigMap, metadata: {name: equal, labels: {planengine.dev/instance: media, planengine.dev/kind: Other}}}")
	controlled := b.make(`{apiVersion: v1, kind: ConfigMap, metadata: {name: controlled, labels: {planengine.dev/instance: media, planengine.dev/kind: Database},
		ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: x, uid: u, controller: true}]}}`)
	for _, obj := range []string{"free", "equal", "controlled"} {
		_, err := b.Delete(b.ctx, b.owner, b.ref("v1", "ConfigMap", obj), DeleteOptions{})
		wantVerdict(t, err, Conflict, ReasonForeignObject, "it was not deleted")
	}
	if b.now(theirs) == nil || b.now(labelled) == nil || b.now(controlled) == nil {
		t.Error("somebody else's object is gone")
	}
	_, err := b.Delete(b.ctx, b.owner, api.ObjectRef{APIVersion: "v1", Kind: "ConfigMap", Namespace: "default", Name: "a"}, DeleteOptions{})
	wantVerdict(t, err, Terminal, ReasonForeignNamespace)
}

// The object that the cache shows was replaced by another of the name.
func TestDeleteHitsExactlyTheObjectThatWasSeen(t *testing.T) {
	b := newBench(t)
	stale, _ := b.apply(configMap("a", "{}"), Options{})
	must(t, b.other.Delete(b.ctx, stale.DeepCopy()))
	theirs := b.make(configMap("a", "{}"))
	_, err := b.remove(b.ctx, stale, propagation(stale))
	wantVerdict(t, err, Transient, ReasonStale)
	if b.now(theirs) == nil {
		t.Error("the other object is gone")
	}
}

func TestDeleteKeepsRetainedObjects(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{}"), Options{Retain: true})
	b.seen.take()
	b.delete(RefOf(live), DeleteOptions{}, true)
	b.expect()
	b.delete(b.ref("v1", "ConfigMap", "a"), DeleteOptions{}, true) // the inventory does not know
	if b.now(live) == nil {
		t.Fatal("a retained object is gone")
	}
	b.delete(RefOf(live), DeleteOptions{DeleteRetained: true}, true)
	if b.now(live) != nil {
		t.Error("want it gone when forced")
	}
}

func TestDeleteAllGoesInWaves(t *testing.T) {
	b := newBench(t)
	for _, text := range []string{configMap("first", "{}"), configMap("second", "{}"), statefulSet("s", "s", 1)} {
		b.apply(text, Options{})
	}
	kept, _ := b.apply(configMap("kept", "{}"), Options{Retain: true})
	b.make(configMap("foreign", "{}"))
	inventory := []api.TaskObjects{
		{Task: "config", Objects: []api.ObjectRef{b.ref("v1", "ConfigMap", "first"), b.ref("v1", "ConfigMap", "foreign"), RefOf(kept)}},
		{Task: "server", Objects: []api.ObjectRef{b.ref("apps/v1", "StatefulSet", "s"), b.ref("v1", "ConfigMap", "second")}},
		{Task: "late", Objects: []api.ObjectRef{b.ref("gone.example.org/v1", "Thing", "x")}},
	}
	b.seen.take()
	for range 2 {
		remaining, err := b.DeleteAll(b.ctx, b.owner, inventory, DeleteOptions{})
		must(t, err)
		if names := texts(remaining); !slices.Equal(names, []string{"StatefulSet/s", "ConfigMap/second", "ConfigMap/foreign", "ConfigMap/first"}) {
			t.Errorf("want the workload alone begun, got %v", names)
		}
		b.catchUp(b.now(blank(b.ref("apps/v1", "StatefulSet", "s"))))
	}
	b.expect("DELETE statefulsets/s", "GET statefulsets/s")
	b.collect(blank(b.ref("apps/v1", "StatefulSet", "s")))
	b.forgotten(blank(b.ref("apps/v1", "StatefulSet", "s")))
	remaining, err := b.DeleteAll(b.ctx, b.owner, inventory, DeleteOptions{})
	must(t, err)
	if len(remaining) != 0 {
		t.Errorf("want nothing left, got %v", remaining)
	}
	b.expect("GET statefulsets/s", "DELETE configmaps/second", "GET configmaps/second", "GET configmaps/foreign", "DELETE configmaps/first", "GET configmaps/first")
	if b.now(kept) == nil || b.now(b.blank("ConfigMap", "foreign")) == nil {
		t.Error("what was to stay is gone")
	}
	b.forgotten(b.blank("ConfigMap", "first"))
	b.forgotten(b.blank("ConfigMap", "second"))
	b.seen.take()
	remaining, err = b.DeleteAll(b.ctx, b.owner, inventory, DeleteOptions{})
	if err != nil || len(remaining) != 0 {
		t.Errorf("want it idempotent, got %v %v", remaining, err)
	}
}

func TestDeleteAllGoesOnAfterAnError(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{}"), Options{})
	elsewhere := api.ObjectRef{APIVersion: "v1", Kind: "ConfigMap", Namespace: "default", Name: "b"}
	inventory := []api.TaskObjects{{Task: "t", Objects: []api.ObjectRef{RefOf(live), elsewhere}}}
	remaining, err := b.DeleteAll(b.ctx, b.owner, inventory, DeleteOptions{})
	wantVerdict(t, err, Terminal, ReasonForeignNamespace)
	if !slices.Equal(remaining, []api.ObjectRef{elsewhere}) || b.now(live) != nil {
		t.Errorf("want all but the refused one gone, got %v", remaining)
	}
}

func texts(refs []api.ObjectRef) []string {
	var out []string
	for _, ref := range refs {
		out = append(out, ref.String())
	}
	return out
}
