package apply

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Every kind that packages commonly render: made with one PATCH, and then never asked for again, whatever the API server has made of it, not even by a later run.
func TestApplyMakesAndThenLeavesAlone(t *testing.T) {
	b := newBench(t)
	text, err := os.ReadFile(filepath.Join("testdata", "kinds.yaml"))
	must(t, err)
	for _, document := range strings.Split(string(text), "\n---\n") {
		desired := parse(t, document)
		t.Run(desired.GetKind(), func(t *testing.T) {
			b.seen.take()
			live, change := b.apply(document, Options{})
			if change != Created {
				t.Errorf("want Created, got %s", change)
			}
			if got := b.seen.take(); len(got) != 1 || !strings.HasPrefix(got[0], "PATCH ") {
				t.Errorf("want one PATCH, got %q", got)
			}
			later := Stamp{Plan: "update", Step: "x/y", Run: "run-2"}
			again, change, err := b.Apply(b.ctx, b.owner, later, parse(t, document), Options{})
			must(t, err)
			if change != Unchanged || again.GetResourceVersion() != live.GetResourceVersion() {
				t.Errorf("want Unchanged, got %s", change)
			}
			b.expect()
			if b.Applier.settled.entries[live.GetUID()] != (settled{}) {
				t.Errorf("the comparison needs the memo: %v", Drift(parse(t, document), live))
			}
		})
	}
}

// The cache has not seen the object yet that was made a moment ago: the attempt to make it is refused.
func TestApplyBeforeTheCacheKnowsWritesNothing(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{x: one}"), Options{})
	b.Cache = startCache(t, b.config, b.Mapper, cache.Options{DefaultLabelSelector: labels.Set{"no": "object"}.AsSelector()})
	b.seen.take()
	_, change, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, configMap("a", "{x: one}")), Options{})
	must(t, err)
	if change != Unchanged {
		t.Errorf("want Unchanged, got %s", change)
	}
	b.expect("PATCH configmaps/a", "GET configmaps/a")
	if b.now(live).GetResourceVersion() != live.GetResourceVersion() {
		t.Error("the object was written")
	}
}

// A kind that the cache may not watch is read from the API server.
func TestApplyWithoutAWatch(t *testing.T) {
	b := newBench(t)
	b.Cache = startCache(t, b.config, b.Mapper, cache.Options{ReaderFailOnMissingInformer: true})
	for range 2 {
		_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, configMap("a", "{x: one}")), Options{})
		must(t, err)
	}
	b.expect("GET configmaps/a", "PATCH configmaps/a", "GET configmaps/a")
}

func TestApplyChangesWithOnePatch(t *testing.T) {
	b := newBench(t)
	b.apply(configMap("a", "{x: one, gone: soon}"), Options{})
	b.seen.take()
	stamp := Stamp{Plan: "update", Step: "main/config", Run: "run-2"}
	live, change, err := b.Apply(b.ctx, b.owner, stamp, parse(t, configMap("a", "{x: two}")), Options{})
	must(t, err)
	b.expect("PATCH configmaps/a")
	if change != Updated {
		t.Errorf("want Updated, got %s", change)
	}
	if value(live, "data", "x") != "two" || value(live, "data", "gone") != nil {
		t.Errorf("want x changed and gone removed, got %v", live.Object["data"])
	}
	for key, want := range stamp.annotations() {
		if got := live.GetAnnotations()[key]; got != want {
			t.Errorf("want annotation %s=%s, got %q", key, want, got)
		}
	}
}

func TestApplyRepairsDrift(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{x: one}"), Options{})
	for name, patch := range map[string]string{
		"value":           `{"data":{"x":"broken"}}`,
		"package label":   `{"metadata":{"labels":{"planengine.dev/package":"zzz"}}}`,
		"instance label":  `{"metadata":{"labels":{"planengine.dev/instance":null}}}`,
		"owner reference": `{"metadata":{"ownerReferences":null}}`,
		"controller flag": `{"metadata":{"ownerReferences":[{"apiVersion":"example.org/v1","kind":"Database","name":"media","uid":"uid-1","controller":false,"blockOwnerDeletion":false}]}}`,
		"earlier owner":   `{"metadata":{"ownerReferences":[{"apiVersion":"example.org/v1","kind":"Database","name":"media","uid":"uid-0","controller":true}]}}`,
		"hash":            `{"metadata":{"annotations":{"planengine.dev/applied":"1"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			changed := b.merge(live, patch)
			if changed.GetLabels()[api.LabelInstance] == "" {
				b.forgotten(changed)
			} else {
				b.catchUp(changed)
			}
			repaired, change := b.apply(configMap("a", "{x: one}"), Options{})
			if change != Updated {
				t.Errorf("want Updated, got %s", change)
			}
			want, err := Enhance(b.owner, firstRun, parse(t, configMap("a", "{x: one}")), false, true)
			must(t, err)
			if drift := Drift(want, repaired); drift != nil {
				t.Errorf("still wrong: %v", drift)
			}
			if n := len(repaired.GetOwnerReferences()); n != 1 {
				t.Errorf("want one owner, got %d", n)
			}
		})
	}
}

func TestApplyLeavesForeignFieldsAlone(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{x: one}"), Options{})
	b.catchUp(b.merge(live, `{"metadata":{"labels":{"team":"blue"}},"data":{"theirs":"1"}}`))
	b.seen.take()
	if _, change := b.apply(configMap("a", "{x: one}"), Options{}); change != Unchanged {
		t.Errorf("want Unchanged, got %s", change)
	}
	b.expect()
	after, _ := b.apply(configMap("a", "{x: two}"), Options{})
	if value(after, "data", "theirs") != "1" || after.GetLabels()["team"] != "blue" {
		t.Errorf("what others set is lost: %v", after.Object)
	}
}

// A list that others extend can't be told from drift; one apply shows that it isn't.
func TestApplySettlesWithOtherManagersOfAList(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(statefulSet("s", "s", 1), Options{})
	sidecar := parse(t, `{apiVersion: apps/v1, kind: StatefulSet, spec: {template: {spec: {containers: [{name: sidecar, image: "x:1"}]}}}}`)
	sidecar.SetName("s")
	sidecar.SetNamespace(live.GetNamespace())
	must(t, b.other.Apply(b.ctx, client.ApplyConfigurationFromUnstructured(sidecar), client.FieldOwner("somebody")))
	b.catchUp(sidecar)
	b.seen.take()
	_, change := b.apply(statefulSet("s", "s", 1), Options{})
	b.expect("PATCH statefulsets/s")
	if change != Unchanged {
		t.Errorf("want Unchanged, got %s", change)
	}
	b.apply(statefulSet("s", "s", 1), Options{})
	b.expect()
	broken := b.merge(sidecar, `{"spec":{"replicas":3}}`)
	b.catchUp(broken)
	b.apply(statefulSet("s", "s", 1), Options{})
	b.expect("PATCH statefulsets/s")
}

func TestApplyToForeignObjects(t *testing.T) {
	b := newBench(t)
	b.make(configMap("free", "{x: theirs}"))
	b.make(configMap("disjoint", "{y: theirs}"))
	b.make(`{apiVersion: v1, kind: ConfigMap, metadata: {name: controlled, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: x, uid: u, controller: true}]}, data: {x: theirs}}`)
	b.catchUp(b.make(`{apiVersion: v1, kind: ConfigMap, metadata: {name: instance, labels: {planengine.dev/instance: other, planengine.dev/kind: Database}}, data: {x: theirs}}`))
	for _, c := range []struct {
		name   string
		policy api.OnConflict
		words  []string
	}{
		{"free", "", []string{"ConfigMap/free exists already", "onConflict: adopt"}},
		{"disjoint", "", []string{"ConfigMap/disjoint exists already", "onConflict: adopt"}},
		{"free", api.ConflictForce, []string{"ConfigMap/free exists already"}},
		{"controlled", api.ConflictAdopt, []string{"ConfigMap/controlled exists already and belongs to Deployment/x; rename"}},
		{"instance", api.ConflictAdopt, []string{"belongs to Database/other"}},
		{"free", api.ConflictAdopt, nil},
	} {
		_, change, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, configMap(c.name, "{x: ours}")), Options{OnConflict: c.policy})
		if c.words != nil {
			wantVerdict(t, err, Conflict, ReasonForeignObject, c.words...)
			continue
		}
		must(t, err)
		adopted := b.now(b.blank("ConfigMap", c.name))
		if change != Updated || value(adopted, "data", "x") != "ours" || relate(b.owner, adopted) != ours {
			t.Errorf("want it adopted, got %s %v", change, adopted.Object)
		}
	}
	for _, name := range []string{"controlled", "instance"} {
		if value(b.now(b.blank("ConfigMap", name)), "data", "x") != "theirs" {
			t.Errorf("%s was touched", name)
		}
	}
	if disjoint := b.now(b.blank("ConfigMap", "disjoint")); value(disjoint, "data", "x") != nil || disjoint.GetLabels() != nil {
		t.Errorf("an object without a field in common was touched: %v", disjoint.Object)
	}
}

func (b *bench) blank(kind, name string) *unstructured.Unstructured {
	return blank(api.ObjectRef{APIVersion: "v1", Kind: kind, Namespace: b.owner.namespace(), Name: name})
}

// Somebody makes the object between the look and the apply: their fields are not overwritten.
func TestApplyNeverTakesAnObjectThatAppearsMeanwhile(t *testing.T) {
	b := newBench(t)
	want, err := Enhance(b.owner, firstRun, parse(t, configMap("a", "{x: ours}")), false, true)
	must(t, err)
	b.make(configMap("a", "{x: theirs}"))
	_, err = b.send(b.ctx, want, want)
	wantVerdict(t, err, Conflict, ReasonFieldConflict, `"somebody"`, "data.x")
}

// The object that the cache shows was replaced by somebody else's: the UID keeps it safe.
func TestApplyNeverUpdatesAnotherObjectOfTheName(t *testing.T) {
	b := newBench(t)
	stale, _ := b.apply(configMap("a", "{x: ours}"), Options{})
	must(t, b.other.Delete(b.ctx, stale.DeepCopy()))
	theirs := b.make(configMap("a", "{x: theirs}"))
	want, err := Enhance(b.owner, firstRun, parse(t, configMap("a", "{x: new}")), false, true)
	must(t, err)
	_, _, err = b.update(b.ctx, b.owner, want, stale)
	wantVerdict(t, err, Transient, ReasonStale)
	if value(b.now(theirs), "data", "x") != "theirs" {
		t.Error("somebody else's object was changed")
	}
}

func TestRetainedObjectsAreTakenBack(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{x: one}"), Options{Retain: true})
	if live.GetOwnerReferences() != nil || !retained(live) {
		t.Fatalf("want no owner and the annotation, got %v", live.Object["metadata"])
	}
	b.owner = ownerNamed("media", b.owner.namespace(), "uid-2")
	b.seen.take()
	if _, change := b.apply(configMap("a", "{x: one}"), Options{Retain: true}); change != Unchanged {
		t.Errorf("retained again: want Unchanged, got %s", change)
	}
	b.expect()
	live, change := b.apply(configMap("a", "{x: one}"), Options{})
	if change != Updated || retained(live) || len(live.GetOwnerReferences()) != 1 || live.GetOwnerReferences()[0].UID != "uid-2" {
		t.Errorf("not retained any more: want it owned, got %s %v", change, live.Object["metadata"])
	}
	live, _ = b.apply(configMap("a", "{x: one}"), Options{Retain: true})
	if live.GetOwnerReferences() != nil || !retained(live) {
		t.Errorf("retained once more: want no owner, got %v", live.Object["metadata"])
	}
	b.owner = ownerNamed("music", b.owner.namespace(), "uid-3")
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, configMap("a", "{x: one}")), Options{OnConflict: api.ConflictAdopt})
	wantVerdict(t, err, Conflict, ReasonForeignObject, "Database/media")
}

func TestApplyOverAnEarlierLife(t *testing.T) {
	b := newBench(t)
	b.apply(configMap("a", "{x: one}"), Options{})
	b.owner = ownerNamed("media", b.owner.namespace(), "uid-2")
	live, change := b.apply(configMap("a", "{x: one}"), Options{})
	if change != Updated || len(live.GetOwnerReferences()) != 1 || live.GetOwnerReferences()[0].UID != "uid-2" {
		t.Errorf("want the new owner alone, got %s %v", change, live.GetOwnerReferences())
	}
}

func TestApplyWaitsForADyingObject(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [example.org/hold]}}`, Options{})
	must(t, b.other.Delete(b.ctx, live.DeepCopy()))
	dying := b.now(live)
	b.catchUp(dying)
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, configMap("a", "{}")), Options{})
	wantVerdict(t, err, Waiting, ReasonTerminating, "ConfigMap/a is being deleted")
	b.collect(dying)
	b.forgotten(dying)
	if _, change := b.apply(configMap("a", "{}"), Options{}); change != Created {
		t.Errorf("want Created, got %s", change)
	}
}

func TestClusterScopedObjects(t *testing.T) {
	b := newBench(t)
	role := "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: " + b.owner.namespace() + "}, rules: []}"
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, role), Options{})
	wantVerdict(t, err, Terminal, ReasonClusterScoped, "belongs to the whole cluster")
	b.ClusterScoped = true
	live, _ := b.apply(role, Options{})
	if live.GetOwnerReferences() != nil || live.GetLabels()[api.LabelNamespace] != b.owner.namespace() {
		t.Errorf("want the namespace as a label and no owner, got %v", live.Object["metadata"])
	}
	namesake := ownerNamed("media", "elsewhere", "uid-9")
	_, _, err = b.Apply(b.ctx, namesake, firstRun, parse(t, role), Options{OnConflict: api.ConflictAdopt})
	wantVerdict(t, err, Conflict, ReasonForeignObject)
	if _, err := b.Delete(b.ctx, namesake, RefOf(live), DeleteOptions{}); Classify(err).Class != Conflict {
		t.Errorf("a namesake in another namespace could delete it: %v", err)
	}
	if gone, err := b.Delete(b.ctx, b.owner, RefOf(live), DeleteOptions{}); !gone || err != nil {
		t.Errorf("want it gone, got %v %v", gone, err)
	}
}

func TestUnknownKindAndItsCRD(t *testing.T) {
	b := newBench(t)
	widget := "{apiVersion: late.example.org/v1, kind: Widget, metadata: {name: w}, spec: {size: 1}}"
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, widget), Options{})
	wantVerdict(t, err, Terminal, ReasonUnknownKind, "the cluster has no kind Widget in late.example.org/v1; is its CRD installed?")
	ref := RefOf(parse(t, widget))
	if gone, err := b.Delete(b.ctx, b.owner, ref, DeleteOptions{}); !gone || err != nil {
		t.Errorf("an unknown kind has no objects: want gone, got %v %v", gone, err)
	}
	b.ClusterScoped = true
	text, err := os.ReadFile(filepath.Join("testdata", "crd.yaml"))
	must(t, err)
	crd, _ := b.apply(string(text), Options{})
	eventually(t, "the CRD to be established", func() bool {
		conditions, _, _ := unstructured.NestedSlice(b.now(crd).Object, "status", "conditions")
		for _, c := range conditions {
			if m, ok := c.(map[string]any); ok && m["type"] == "Established" && m["status"] == "True" {
				return true
			}
		}
		return false
	})
	if _, change := b.apply(widget, Options{}); change != Created {
		t.Errorf("want Created, got %s", change)
	}
	_, _, err = b.Apply(b.ctx, b.owner, firstRun, parse(t, strings.Replace(widget, "size", "sise", 1)), Options{})
	wantVerdict(t, err, Terminal, ReasonInvalid, "sise")
}

func TestWhatTheServerRefuses(t *testing.T) {
	b := newBench(t)
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 99999}]}}"), Options{})
	wantVerdict(t, err, Terminal, ReasonInvalid, "apply Service/s", "99999")
	_, _, err = b.Apply(b.ctx, b.owner, firstRun, parse(t, "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {prots: []}}"), Options{})
	wantVerdict(t, err, Terminal, ReasonInvalid, "prots")

	nowhere := ownerNamed("media", "nowhere", "uid-1")
	_, _, err = b.Apply(b.ctx, nowhere, firstRun, parse(t, configMap("a", "{}")), Options{})
	wantVerdict(t, err, Transient, ReasonNamespaceNotFound, "nowhere")

	ns := b.now(parse(t, "{apiVersion: v1, kind: Namespace, metadata: {name: "+b.owner.namespace()+"}}"))
	must(t, b.other.Patch(b.ctx, ns, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":["example.org/hold"]}}`))))
	must(t, b.other.Delete(b.ctx, ns))
	_, _, err = b.Apply(b.ctx, b.owner, firstRun, parse(t, configMap("a", "{}")), Options{})
	wantVerdict(t, err, Terminal, ReasonNamespaceTerminating, "being terminated")
}
