package apply

import (
	"context"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// DeleteOptions are the policies of a deletion.
type DeleteOptions struct {
	// DeleteRetained deletes retained objects as well.
	DeleteRetained bool
}

// Delete deletes an object of the instance and says whether nothing of it is left to wait for: it is
// gone, it is retained and stays, or the cluster does not even have the kind. An object that
// belongs to somebody else is not touched: *ConflictError.
func (a *Applier) Delete(ctx context.Context, owner Owner, ref api.ObjectRef, o DeleteOptions) (gone bool, err error) {
	if ref.Retain && !o.DeleteRetained {
		return true, nil
	}
	ref, known, err := a.locate(owner, ref)
	if !known || err != nil {
		return err == nil, err
	}
	live, err := a.find(ctx, blank(ref))
	if live == nil || err != nil {
		return err == nil, err
	}
	if relate(owner, live) != ours {
		return false, &ConflictError{Object: ref, Owner: belongsTo(live), Advice: "it was not deleted"}
	}
	if retained(live) && !o.DeleteRetained {
		return true, nil
	}
	if terminating(live) {
		return false, nil
	}
	return a.remove(ctx, live, propagation(live))
}

// propagation is foreground for whatever may run Pods, so that they are gone before it is.
func propagation(live *unstructured.Unstructured) metav1.DeletionPropagation {
	if runs(RefOf(live)) {
		return metav1.DeletePropagationForeground
	}
	return metav1.DeletePropagationBackground
}

// runs says whether objects of the kind are, or may make, something that runs: workloads and the
// custom resources of other operators.
func runs(ref api.ObjectRef) bool {
	group := gvkOf(ref).Group
	switch {
	case group == "apps", group == "batch":
		return true
	case group == "":
		return ref.Kind == "Pod" || ref.Kind == "ReplicationController"
	}
	return strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io")
}

// remove deletes exactly this object and says whether it is gone already.
func (a *Applier) remove(ctx context.Context, live *unstructured.Unstructured, how metav1.DeletionPropagation) (bool, error) {
	uid := live.GetUID()
	err := a.Client.Delete(ctx, live.DeepCopy(), client.PropagationPolicy(how), client.Preconditions{UID: &uid})
	if apierrors.IsNotFound(err) {
		a.settled.forget(uid)
		a.echoes.forget(uid)
		return true, nil
	}
	if err != nil {
		return false, border("delete", live, err)
	}
	return a.gone(ctx, live)
}

// gone asks the API server whether this very object is there no more.
func (a *Applier) gone(ctx context.Context, old *unstructured.Unstructured) (bool, error) {
	now, err := a.live(ctx, old)
	if err != nil {
		return false, err
	}
	if now != nil && now.GetUID() == old.GetUID() {
		return false, nil
	}
	a.settled.forget(old.GetUID())
	a.echoes.forget(old.GetUID())
	return true, nil
}
