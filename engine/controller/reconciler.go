package controller

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/task"
)

// Reconciler serves all instances of one kind.
type Reconciler struct {
	// Client reads instances and owned objects from the cache and writes.
	Client client.Client
	// Live reads past the cache.
	Live      client.Reader
	Recorder  events.EventRecorder
	Executor  *task.Executor
	Engine    render.EngineInfo
	Now       func() time.Time
	catalog   *catalog
	revisions *revisions
	watches   *watches
	saved     *saved
	drafts    *drafts
}

// scope is one reconcile of one instance.
type scope struct {
	*Reconciler
	// object is the instance as it was read; it is never changed.
	object *unstructured.Unstructured
	// status is what will be saved; fields are the package's own part of it.
	status api.Status
	fields map[string]any
	// opened is the status as this look began; drafted says that it was not written yet.
	opened  api.Status
	drafted bool
	model   *model
	// wish is what the instance asks for now.
	wish      *wish
	operation api.Operation
	owned     map[string]*unstructured.Unstructured
	events    []notice
	// again is when the instance wants to be looked at even if nothing happens; 0 is never.
	again time.Duration
	// released says that everything that a deleted instance had to undo is undone.
	released bool
	// held says that something would start if the instance were not suspended.
	held bool
	// trouble is what keeps the engine from even trying; it ends up in the conditions.
	trouble *trouble
}

// trouble is a reason to be stalled that belongs to no run.
type trouble struct{ reason, message string }

// Reconcile brings one instance as far as it goes now.
func (r *Reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	o, err := r.read(ctx, req)
	if err != nil || o == nil {
		return ctrl.Result{}, err
	}
	s := &scope{Reconciler: r, object: o}
	if err := s.open(); err != nil {
		return ctrl.Result{}, err
	}
	if o.GetDeletionTimestamp() == nil && controllerutil.AddFinalizer(s.object, api.Finalizer) {
		if s.object, err = r.addFinalizer(ctx, o); err != nil {
			return ctrl.Result{}, err
		}
	}
	if err := s.reconcile(ctx); err != nil {
		return ctrl.Result{}, err
	}
	if s.postpone() {
		return ctrl.Result{RequeueAfter: s.again}, nil
	}
	if err := s.conclude(ctx); err != nil {
		return ctrl.Result{}, err
	}
	if s.released {
		return ctrl.Result{}, r.release(ctx, s.object)
	}
	return ctrl.Result{RequeueAfter: s.again}, nil
}

// conclude says what it came to, saves it, and then tells people.
func (s *scope) conclude(ctx context.Context) error {
	if err := s.summarise(ctx); err != nil {
		return err
	}
	if err := s.save(ctx); err != nil {
		return err
	}
	s.drafts.forget(s.object.GetUID())
	s.emit(ctx, s.opened.Plan)
	return nil
}

// read gets the instance from the cache, or as it was saved last when the cache does not hold that
// yet. It returns nil when the instance is gone.
func (r *Reconciler) read(ctx context.Context, req ctrl.Request) (*unstructured.Unstructured, error) {
	o := r.catalog.instance()
	err := r.Client.Get(ctx, req.NamespacedName, o)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", req, err)
	}
	o.SetManagedFields(nil)
	return r.saved.newest(o), nil
}

func (c *catalog) instance() *unstructured.Unstructured {
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(c.gvk)
	return o
}

func (r *Reconciler) addFinalizer(ctx context.Context, o *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	base := o.DeepCopy()
	controllerutil.RemoveFinalizer(base, api.Finalizer)
	if err := r.Client.Patch(ctx, o, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{})); err != nil {
		return nil, fmt.Errorf("add finalizer: %w", err)
	}
	o.SetManagedFields(nil)
	return o, nil
}

// release lets a deleted instance go: everything that was to be undone is undone.
func (r *Reconciler) release(ctx context.Context, o *unstructured.Unstructured) error {
	r.revisions.forget(o.GetUID())
	r.saved.forget(o.GetUID())
	r.drafts.forget(o.GetUID())
	base := o.DeepCopy()
	if !controllerutil.RemoveFinalizer(o, api.Finalizer) {
		return nil
	}
	err := r.Client.Patch(ctx, o, client.MergeFrom(base))
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("remove finalizer: %w", err)
	}
	return nil
}

// reconcile does everything between reading and concluding.
func (s *scope) reconcile(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	if s.object.GetDeletionTimestamp() != nil {
		return s.delete(ctx)
	}
	if s.trouble == nil {
		return s.carryOut(ctx)
	}
	return nil
}

// prepare finds the instance's package and reads its wish.
func (s *scope) prepare(ctx context.Context) error {
	var err error
	if s.model, err = s.catalog.model(ctx, s.status.Package); err != nil {
		log.FromContext(ctx).Error(err, "package cannot be loaded")
		s.model = nil
		s.trouble = &trouble{"PackageUnavailable", short(err.Error())}
		return nil
	}
	spec, op, err := specOf(s.object)
	if err != nil {
		s.trouble = &trouble{"InvalidSpec", short(err.Error())}
		return nil
	}
	s.operation = op
	s.wish = &wish{Spec: integers(s.model.schema.Default(spec)), Package: s.model.ref}
	if problems := s.model.schema.Validate(s.wish.Spec, nil); problems.Err() != nil {
		s.trouble = &trouble{"InvalidSpec", short(problems.Error())}
	}
	return s.watches.ensure(ctx, s.status.Inventory)
}

func (s *scope) owner() apply.Owner {
	owner := apply.Owner{Object: s.object}
	if s.model != nil {
		owner.Package = s.model.pkg.Name
	}
	return owner
}

func (s *scope) now() metav1.Time { return metav1.NewTime(s.Now()) }

// wake asks for another look after d at the latest.
func (s *scope) wake(d time.Duration) {
	if d > 0 && (s.again == 0 || d < s.again) {
		s.again = d
	}
}

// short cuts a message to what a status may hold.
func short(m string) string {
	if len(m) <= api.MaxMessageLength {
		return m
	}
	return m[:api.MaxMessageLength-3] + "..."
}
