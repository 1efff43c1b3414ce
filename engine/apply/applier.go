package apply

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Change says what a call did to an object.
type Change string

// The changes. Unchanged means that nothing was written.
const (
	Unchanged Change = "Unchanged"
	Created   Change = "Created"
	Updated   Change = "Updated"
	Recreated Change = "Recreated"
)

// Options are the policies of one Apply.
type Options struct {
	OnConflict  api.OnConflict
	OnImmutable api.OnImmutable
	// Retain lets the object outlive its instance.
	Retain bool
}

// Applier brings objects to the state that is wanted. It is safe for concurrent use.
type Applier struct {
	// Cache reads from a cache that holds the engine's own objects only; see CacheOptions.
	Cache client.Reader
	// Live reads from the API server.
	Live client.Reader
	// Client writes.
	Client client.Writer
	// Mapper knows the cluster's kinds; it must learn new ones when asked for them.
	Mapper meta.RESTMapper
	// ClusterScoped allows objects that live in no namespace.
	ClusterScoped bool

	settled memo
	echoes  echoes
}

// Apply brings one object to the desired state and returns it as the API server has it. Errors are
// *Error or *ConflictError; a Waiting one means that an earlier object of the name is on its way
// out and the call is to be repeated.
func (a *Applier) Apply(ctx context.Context, owner Owner, stamp Stamp, desired *unstructured.Unstructured, o Options) (*unstructured.Unstructured, Change, error) {
	want, err := a.prepare(ctx, owner, stamp, desired, o.Retain)
	if err != nil {
		return nil, "", err
	}
	live, created, err := a.findOrMake(ctx, want)
	if err != nil {
		return nil, "", err
	}
	if created {
		return live, Created, nil
	}
	if err := available(owner, live, o.OnConflict); err != nil {
		return nil, "", err
	}
	if a.unchanged(want, live) {
		return live, Unchanged, nil
	}
	updated, change, err := a.update(ctx, owner, want, live)
	if Classify(err).Reason == ReasonImmutable {
		return a.replace(ctx, want, live, o.OnImmutable, err)
	}
	return updated, change, err
}

// available refuses an object that somebody else has or that is on its way out.
func available(owner Owner, live *unstructured.Unstructured, policy api.OnConflict) error {
	if terminating(live) {
		return refuse(Waiting, ReasonTerminating, RefOf(live), "is being deleted; it is made anew once it is gone")
	}
	return claim(owner, live, policy)
}

// unchanged says whether applying want would write nothing.
func (a *Applier) unchanged(want, live *unstructured.Unstructured) bool {
	return len(Drift(want, live)) == 0 || a.settled.holds(want, live)
}

// update applies want over the living object, whose fields it takes by force. Should the object
// have been replaced since it was read, the API server refuses and the error is Transient.
func (a *Applier) update(ctx context.Context, owner Owner, want, live *unstructured.Unstructured) (*unstructured.Unstructured, Change, error) {
	if err := a.dropEarlierOwner(ctx, owner, live); err != nil {
		return nil, "", err
	}
	pinned := want.DeepCopy()
	pinned.SetUID(live.GetUID())
	updated, err := a.send(ctx, want, pinned, client.ForceOwnership)
	if err != nil {
		return nil, "", err
	}
	if updated.GetResourceVersion() == live.GetResourceVersion() {
		return updated, Unchanged, nil
	}
	return updated, Updated, nil
}

// send is the server-side apply of want; pinned is want with what the living object must be like.
// Without force it never takes a field from anybody.
func (a *Applier) send(ctx context.Context, want, pinned *unstructured.Unstructured, options ...client.ApplyOption) (*unstructured.Unstructured, error) {
	obj := pinned.DeepCopy()
	options = append(options, client.FieldOwner(api.FieldManager))
	if err := a.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(obj), options...); err != nil {
		return nil, border("apply", want, err)
	}
	obj.SetManagedFields(nil)
	a.settled.note(want, obj)
	a.echoes.note(obj)
	return obj, nil
}
