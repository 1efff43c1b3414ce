package controller

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	ctrlcontroller "sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// watches starts a watch for each kind of object that instances turn out to own. Only objects
// with the engine's labels are in the cache. Secrets are never watched.
type watches struct {
	controller ctrlcontroller.Controller
	cache      cache.Cache
	mapper     meta.RESTMapper
	kind       string
	// echo says whether an object is what was just applied, of which there is nothing to learn.
	echo func(*unstructured.Unstructured) bool

	mu      sync.Mutex
	started map[schema.GroupVersionKind]bool
}

// uncached are kinds that are never listed or watched, so that no right to do so is needed.
func uncached(gvk schema.GroupVersionKind) bool {
	return gvk.Group == "" && gvk.Kind == "Secret"
}

// objects makes sure that changes of objects of this kind wake their instances.
func (w *watches) objects(_ context.Context, gvk schema.GroupVersionKind) error {
	return w.start(gvk)
}

// ensure does the same for everything in the inventory.
func (w *watches) ensure(_ context.Context, inventory []api.TaskObjects) error {
	for _, t := range inventory {
		for _, ref := range t.Objects {
			if err := w.start(schema.FromAPIVersionAndKind(ref.APIVersion, ref.Kind)); err != nil {
				return err
			}
		}
	}
	return nil
}

// all starts the watches for kinds that are known beforehand, so that the first instance need not
// wait for them. A kind that the cluster does not have yet is left for later.
func (w *watches) all(kinds []schema.GroupVersionKind) error {
	for _, gvk := range kinds {
		if _, err := w.mapper.RESTMapping(gvk.GroupKind(), gvk.Version); err != nil {
			continue
		}
		if err := w.start(gvk); err != nil {
			return err
		}
	}
	return nil
}

func (w *watches) start(gvk schema.GroupVersionKind) error {
	if uncached(gvk) {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.started[gvk] {
		return nil
	}
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(gvk)
	requests := handler.TypedEnqueueRequestsFromMapFunc(w.instanceOf)
	if err := w.controller.Watch(source.Kind(w.cache, o, requests, w.news())); err != nil {
		return fmt.Errorf("watch %s: %w", gvk.Kind, err)
	}
	w.started[gvk] = true
	return nil
}

// news lets everything through but the echo of what was just applied.
func (w *watches) news() predicate.TypedPredicate[*unstructured.Unstructured] {
	return predicate.TypedFuncs[*unstructured.Unstructured]{
		CreateFunc: func(e event.TypedCreateEvent[*unstructured.Unstructured]) bool { return !w.echo(e.Object) },
		UpdateFunc: func(e event.TypedUpdateEvent[*unstructured.Unstructured]) bool { return !w.echo(e.ObjectNew) },
	}
}

// instanceOf names the instance that an object's labels name.
func (w *watches) instanceOf(_ context.Context, o *unstructured.Unstructured) []reconcile.Request {
	labels := o.GetLabels()
	if labels[api.LabelKind] != w.kind {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: o.GetNamespace(), Name: labels[api.LabelInstance]}}}
}
