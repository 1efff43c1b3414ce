package apply

import (
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

const patchManager = "planengine-patch-scale"

func TestPatchSetsFieldsOfAForeignObject(t *testing.T) {
	b := newBench(t)
	theirs := b.make(statefulSet("s", "s", 1))
	patch := parse(t, "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {replicas: 3}}")
	b.seen.take()
	live, change, err := b.Patch(b.ctx, b.owner, firstRun, patchManager, patch)
	must(t, err)
	b.expect("GET statefulsets/s", "PATCH statefulsets/s")
	if change != Updated || value(live, "spec", "replicas") != int64(3) || value(live, "spec", "serviceName") != "s" {
		t.Errorf("want replicas 3 and the rest as it was, got %s %v", change, live.Object["spec"])
	}
	if live.GetLabels()[api.LabelInstance] != "" || live.GetOwnerReferences() != nil || live.GetAnnotations()[api.AnnotationRun] != "run-1" {
		t.Errorf("want it stamped but not owned, got %v", live.Object["metadata"])
	}
	managers := map[string]bool{}
	for _, m := range b.now(theirs).GetManagedFields() {
		managers[m.Manager] = true
	}
	if !managers[patchManager] || !managers["somebody"] {
		t.Errorf("want a manager of the task's own, got %v", managers)
	}
	_, change, err = b.Patch(b.ctx, b.owner, Stamp{Run: "run-2"}, patchManager, patch)
	must(t, err)
	b.expect("GET statefulsets/s")
	if change != Unchanged {
		t.Errorf("want Unchanged, got %s", change)
	}
}

func TestPatchNeverMakesAnObject(t *testing.T) {
	b := newBench(t)
	patch := parse(t, configMap("missing", "{x: one}"))
	_, _, err := b.Patch(b.ctx, b.owner, firstRun, patchManager, patch)
	wantVerdict(t, err, Waiting, ReasonNotFound, "ConfigMap/missing does not exist")
	b.expect("GET configmaps/missing")
	dying := b.make("{apiVersion: v1, kind: ConfigMap, metadata: {name: missing, finalizers: [example.org/hold]}}")
	must(t, b.other.Delete(b.ctx, dying.DeepCopy(), &client.DeleteOptions{}))
	_, _, err = b.Patch(b.ctx, b.owner, firstRun, patchManager, patch)
	wantVerdict(t, err, Waiting, ReasonTerminating, "ConfigMap/missing is being deleted")
	b.collect(dying)
}

func TestPatchStaysInItsNamespace(t *testing.T) {
	b := newBench(t)
	elsewhere := parse(t, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}}")
	_, _, err := b.Patch(b.ctx, b.owner, firstRun, patchManager, elsewhere)
	wantVerdict(t, err, Terminal, ReasonForeignNamespace, `"default"`)
	_, _, err = b.Patch(b.ctx, b.owner, firstRun, patchManager, parse(t, "{apiVersion: v1, kind: Namespace, metadata: {name: default}}"))
	wantVerdict(t, err, Terminal, ReasonClusterScoped)
	b.expect()
}
