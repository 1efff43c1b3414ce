package apply

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Create makes the object if there is none and never touches the content of one that is there,
// whatever desired says: it is for passwords and keys. An object from an earlier life of the
// instance is taken back; anybody else's is a *ConflictError.
func (a *Applier) Create(ctx context.Context, owner Owner, stamp Stamp, desired *unstructured.Unstructured, retain bool) (_ *unstructured.Unstructured, created bool, _ error) {
	want, err := a.prepare(ctx, owner, stamp, desired, retain)
	if err != nil {
		return nil, false, err
	}
	live, err := a.cached(ctx, want)
	if err != nil {
		return nil, false, err
	}
	if live == nil {
		live, created, err = a.post(ctx, want)
	}
	if created || err != nil {
		return live, created, err
	}
	if err := available(owner, live, api.ConflictFail); err != nil {
		return nil, false, err
	}
	live, err = a.reown(ctx, owner, want, live)
	return live, false, err
}

// post makes the object, or returns the one that is in its place.
func (a *Applier) post(ctx context.Context, want *unstructured.Unstructured) (_ *unstructured.Unstructured, created bool, _ error) {
	obj := want.DeepCopy()
	err := a.Client.Create(ctx, obj, client.FieldOwner(api.FieldManager), client.FieldValidation(metav1.FieldValidationStrict))
	if err == nil {
		obj.SetManagedFields(nil)
		return obj, true, nil
	}
	if !apierrors.IsAlreadyExists(err) {
		return nil, false, border("create", want, err)
	}
	live, err := a.standing(ctx, want)
	return live, false, err
}
