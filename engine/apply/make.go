package apply

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// noVersion is a resource version that no object has. A server-side apply that states it makes an
// object that is absent, and is refused, with nothing written, when there is one.
const noVersion = "1"

// findOrMake returns the object that is there or else makes it. The cache holds the engine's own
// objects only; whether somebody else has one of that name, the API server says when it is made,
// which costs no call and leaves no moment in between.
func (a *Applier) findOrMake(ctx context.Context, want *unstructured.Unstructured) (obj *unstructured.Unstructured, made bool, err error) {
	obj, known, err := a.lookUp(ctx, want)
	if obj == nil && err == nil && !known {
		obj, err = a.live(ctx, want)
	}
	if obj != nil || err != nil {
		return obj, false, err
	}
	absent := want.DeepCopy()
	absent.SetResourceVersion(noVersion)
	obj, err = a.send(ctx, want, absent)
	if !taken(err) {
		return obj, err == nil, err
	}
	obj, err = a.standing(ctx, want)
	return obj, false, err
}

// taken says whether the API server refused to make an object because there is one.
func taken(err error) bool {
	reason := Classify(err).Reason
	return reason == ReasonStale || reason == ReasonFieldConflict
}

// standing reads the object that was in the way of making one.
func (a *Applier) standing(ctx context.Context, want *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	obj, err := a.live(ctx, want)
	if obj == nil && err == nil {
		err = refuse(Transient, ReasonStale, RefOf(want), "existed a moment ago and is gone now; trying again")
	}
	return obj, err
}
