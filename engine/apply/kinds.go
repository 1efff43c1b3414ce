package apply

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// kindPause is how long a kind that the cluster does not know yet gets: the API server lists a kind
// a moment after its CRD is established.
const kindPause = 200 * time.Millisecond

// prepare returns the manifest as it is to be sent for the owner.
func (a *Applier) prepare(ctx context.Context, owner Owner, stamp Stamp, desired *unstructured.Unstructured, retain bool) (*unstructured.Unstructured, error) {
	namespaced, err := a.namespaced(ctx, desired)
	if err != nil {
		return nil, err
	}
	return Enhance(owner, stamp, desired, retain, namespaced)
}

// namespaced says whether objects of the kind live in namespaces; it refuses those that don't
// where cluster-scoped objects are not allowed.
func (a *Applier) namespaced(ctx context.Context, obj *unstructured.Unstructured) (bool, error) {
	mapping, err := a.mapping(obj)
	if meta.IsNoMatchError(err) {
		meta.MaybeResetRESTMapper(a.Mapper)
		if err := pause(ctx, kindPause); err != nil {
			return false, border("look up the kind of", obj, err)
		}
		mapping, err = a.mapping(obj)
	}
	if err != nil {
		return false, border("look up the kind of", obj, err)
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return true, nil
	}
	if !a.ClusterScoped {
		return false, refuse(Terminal, ReasonClusterScoped, RefOf(obj), "belongs to the whole cluster; this operator may only make objects in namespaces")
	}
	return false, nil
}

func (a *Applier) mapping(obj *unstructured.Unstructured) (*meta.RESTMapping, error) {
	gvk := obj.GroupVersionKind()
	return a.Mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
}

// locate completes a reference with the owner's namespace; known is false when the cluster has no
// such kind, and so no such object.
func (a *Applier) locate(owner Owner, ref api.ObjectRef) (_ api.ObjectRef, known bool, err error) {
	mapping, err := a.mapping(blank(ref))
	if meta.IsNoMatchError(err) {
		return ref, false, nil
	}
	if err != nil {
		return ref, false, border("look up the kind of", blank(ref), err)
	}
	namespaced := mapping.Scope.Name() == meta.RESTScopeNameNamespace
	switch {
	case !namespaced:
		ref.Namespace = ""
	case ref.Namespace == "":
		ref.Namespace = owner.namespace()
	case ref.Namespace != owner.namespace():
		return ref, true, refuse(Terminal, ReasonForeignNamespace, ref, "is in another namespace than "+owner.String()+"; only objects of its own namespace are its concern")
	}
	return ref, true, nil
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
