package apply

import (
	"context"
	"errors"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Get returns the object, from the cache if it is one of the engine's own and else from the API
// server; the reference of a namespaced one must name its namespace. When there is none the error is
// an *Error with ReasonNotFound.
func (a *Applier) Get(ctx context.Context, ref api.ObjectRef) (*unstructured.Unstructured, error) {
	obj, err := a.find(ctx, blank(ref))
	return orNotFound(obj, ref, err)
}

// Peek is Get from the cache alone, which may not have the latest yet.
func (a *Applier) Peek(ctx context.Context, ref api.ObjectRef) (*unstructured.Unstructured, error) {
	obj, err := a.cached(ctx, blank(ref))
	return orNotFound(obj, ref, err)
}

func orNotFound(obj *unstructured.Unstructured, ref api.ObjectRef, err error) (*unstructured.Unstructured, error) {
	if obj == nil && err == nil {
		return nil, refuse(Waiting, ReasonNotFound, ref, "does not exist yet")
	}
	return obj, err
}

// find looks for the object in the cache, then on the API server; nil when there is none.
func (a *Applier) find(ctx context.Context, like *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	obj, err := a.cached(ctx, like)
	if obj != nil || err != nil {
		return obj, err
	}
	return a.live(ctx, like)
}

// cached looks for the object in the cache; nil when it is not there or its kind is not cached.
func (a *Applier) cached(ctx context.Context, like *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	obj, _, err := a.lookUp(ctx, like)
	return obj, err
}

// lookUp looks for the object in the cache and says whether its kind is cached at all.
func (a *Applier) lookUp(ctx context.Context, like *unstructured.Unstructured) (obj *unstructured.Unstructured, known bool, err error) {
	obj, err = read(ctx, a.Cache, like)
	if errors.As(err, new(*cache.ErrResourceNotCached)) {
		return nil, false, nil
	}
	return obj, true, border("look up", like, err)
}

// live looks for the object on the API server; nil when there is none.
func (a *Applier) live(ctx context.Context, like *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	obj, err := read(ctx, a.Live, like)
	if obj != nil {
		obj.SetManagedFields(nil)
	}
	return obj, border("get", like, err)
}

func read(ctx context.Context, from client.Reader, like *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	obj := &unstructured.Unstructured{}
	obj.SetGroupVersionKind(like.GroupVersionKind())
	err := from.Get(ctx, client.ObjectKeyFromObject(like), obj)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return obj, nil
}
