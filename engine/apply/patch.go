package apply

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Patch applies some fields of an object that somebody else made, under a field manager of the
// task's own, and takes them from whoever has them. It never makes the object: a missing one is a
// Waiting error. When all fields have their values already nothing is written; so a field that the
// task stops rendering goes away only with the next write.
func (a *Applier) Patch(ctx context.Context, owner Owner, stamp Stamp, manager string, partial *unstructured.Unstructured) (*unstructured.Unstructured, Change, error) {
	want, err := a.preparePatch(ctx, owner, partial)
	if err != nil {
		return nil, "", err
	}
	live, err := a.Get(ctx, RefOf(want))
	if err != nil {
		return nil, "", err
	}
	if terminating(live) {
		return nil, "", refuse(Waiting, ReasonTerminating, RefOf(live), "is being deleted; its fields are set once there is a new one")
	}
	if len(Drift(want, live)) == 0 {
		return live, Unchanged, nil
	}
	want.SetAnnotations(merge(want.GetAnnotations(), stamp.annotations()))
	want.SetUID(live.GetUID())
	sent := want.DeepCopy()
	err = a.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(sent), client.FieldOwner(manager), client.ForceOwnership)
	if err != nil {
		return nil, "", border("patch", want, err)
	}
	sent.SetManagedFields(nil)
	if sent.GetResourceVersion() == live.GetResourceVersion() {
		return sent, Unchanged, nil
	}
	return sent, Updated, nil
}

func (a *Applier) preparePatch(ctx context.Context, owner Owner, partial *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	namespaced, err := a.namespaced(ctx, partial)
	if err != nil {
		return nil, err
	}
	want, err := normalise(partial)
	if err != nil {
		return nil, err
	}
	return want, place(owner, want, namespaced)
}
