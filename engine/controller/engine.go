package controller

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	ctrlcontroller "sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/task"
)

// Options say what the engine runs and where.
type Options struct {
	// Packages are what the engine serves.
	Packages []Package
	// SystemNamespace is where the engine keeps package versions.
	SystemNamespace string
	// Concurrency is how many instances of one kind are looked at once; 0 means 16.
	Concurrency int
	// Resolve finds Services; nil means by their cluster IPs.
	Resolve task.Resolver
	// SkipNameValidation allows several engines in one process, for tests.
	SkipNameValidation bool
}

// CacheOptions returns what the manager's cache must be created with: instances whole, everything
// else only when it carries the engine's labels, all without managed fields. With namespaces, only
// those are looked at.
func CacheOptions(pkgs []Package, namespaces []string) cache.Options {
	o := apply.CacheOptions()
	o.ByObject = map[client.Object]cache.ByObject{}
	for _, n := range namespaces {
		if o.DefaultNamespaces == nil {
			o.DefaultNamespaces = map[string]cache.Config{}
		}
		o.DefaultNamespaces[n] = cache.Config{}
	}
	for _, p := range pkgs {
		for _, k := range p.model.Kinds {
			instance := &unstructured.Unstructured{}
			instance.SetGroupVersionKind(schema.GroupVersionKind{Group: p.model.Group, Version: k.Version, Kind: k.Names.Kind})
			o.ByObject[instance] = cache.ByObject{Label: labels.Everything()}
		}
	}
	return o
}

// Setup adds one controller for each kind of each package to the manager. Network calls end with ctx.
func Setup(ctx context.Context, mgr manager.Manager, o Options) error {
	store := newStore(o.SystemNamespace, mgr.GetAPIReader(), mgr.GetClient(), o.Packages)
	for _, p := range o.Packages {
		for _, k := range p.model.Kinds {
			m, err := compile(p.model, k)
			if err != nil {
				return err
			}
			if err := setupKind(ctx, mgr, o, newCatalog(store, m)); err != nil {
				return fmt.Errorf("set up %s: %w", k.Names.Kind, err)
			}
		}
	}
	return nil
}

func setupKind(ctx context.Context, mgr manager.Manager, o Options, c *catalog) error {
	name := strings.ToLower(c.gvk.Kind)
	woken := make(chan event.GenericEvent, 1024)
	r := &Reconciler{
		Client:    mgr.GetClient(),
		Live:      mgr.GetAPIReader(),
		Recorder:  mgr.GetEventRecorder(name),
		Engine:    render.EngineInfo{Namespace: o.SystemNamespace},
		Now:       time.Now,
		catalog:   c,
		revisions: newRevisions(mgr.GetAPIReader(), mgr.GetClient()),
		watches:   &watches{cache: mgr.GetCache(), mapper: mgr.GetRESTMapper(), kind: c.gvk.Kind, started: map[schema.GroupVersionKind]bool{}},
		saved:     newSaved(),
		drafts:    newDrafts(),
	}
	r.Executor = newExecutor(ctx, mgr, o, r.watches, func(instance string) { wake(ctx, woken, c, instance) })
	r.watches.echo = r.Executor.Applier.Echo
	ctl, err := ctrl.NewControllerManagedBy(mgr).
		Named(name).
		For(c.instance(), builder.WithPredicates(r.foreignChanges())).
		WatchesRawSource(source.Channel(woken, &handler.EnqueueRequestForObject{})).
		WithOptions(ctrlcontroller.Options{MaxConcurrentReconciles: concurrency(o), SkipNameValidation: &o.SkipNameValidation}).
		Build(r)
	if err != nil {
		return err
	}
	r.watches.controller = ctl
	return r.watches.all(c.newest.program.Kinds())
}

func concurrency(o Options) int {
	if o.Concurrency > 0 {
		return o.Concurrency
	}
	return 16
}

func newExecutor(ctx context.Context, mgr manager.Manager, o Options, w *watches, wake func(string)) *task.Executor {
	a := &apply.Applier{Cache: &reader{cache: mgr.GetCache(), live: mgr.GetAPIReader()}, Live: mgr.GetAPIReader(), Client: mgr.GetClient(), Mapper: mgr.GetRESTMapper()}
	resolve := o.Resolve
	if resolve == nil {
		resolve = task.ClusterIPs(a)
	}
	return &task.Executor{Applier: a, Pods: mgr.GetCache(), Secrets: mgr.GetAPIReader(), Calls: task.NewCalls(ctx, wake), Resolve: resolve, Watch: w.objects}
}

// wake makes the controller look at an instance, named namespace/name.
func wake(ctx context.Context, woken chan<- event.GenericEvent, c *catalog, instance string) {
	o := c.instance()
	namespace, name, _ := strings.Cut(instance, "/")
	o.SetNamespace(namespace)
	o.SetName(name)
	select {
	case woken <- event.GenericEvent{Object: o}:
	case <-ctx.Done():
	}
}

// foreignChanges lets everything through but the echo of the engine's own status writes.
func (r *Reconciler) foreignChanges() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		before, after := essence(e.ObjectOld), essence(e.ObjectNew)
		if !equality.Semantic.DeepEqual(before, after) {
			return true
		}
		o, ok := e.ObjectNew.(*unstructured.Unstructured)
		return !ok || !r.saved.own(o)
	}}
}

// essence strips what changes with every write.
func essence(o client.Object) any {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		return o
	}
	c := u.DeepCopy()
	c.SetResourceVersion("")
	delete(c.Object, "status")
	return c.Object
}

// reader reads owned objects from the cache, and kinds that are never cached past it.
type reader struct {
	cache, live client.Reader
}

func (r *reader) Get(ctx context.Context, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
	if uncached(o.GetObjectKind().GroupVersionKind()) {
		return r.live.Get(ctx, key, o, opts...)
	}
	return r.cache.Get(ctx, key, o, opts...)
}

func (r *reader) List(ctx context.Context, l client.ObjectList, opts ...client.ListOption) error {
	return r.cache.List(ctx, l, opts...)
}
