// Package kubelet plays the controllers and the kubelet that a bare control
// plane lacks: it makes workloads and volume claims healthy after a delay and ends deletions. It
// makes no Pods and no volumes; what needs those is tested on a real cluster.
package kubelet

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Options say how the fixture behaves.
type Options struct {
	// Delay is the time from an object's change to its health.
	Delay time.Duration
	// Ill keeps objects unhealthy for as long as it returns true; nil keeps none.
	Ill func(*unstructured.Unstructured) bool
	// Healed is called just before an object is reported healthy; nil is fine.
	Healed func(*unstructured.Unstructured)
}

var (
	deployments  = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	statefulSets = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "statefulsets"}
	claims       = schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}
)

// Start plays until ctx ends. It returns when its watches are in place.
func Start(ctx context.Context, cfg *rest.Config, o Options) error {
	cfg = rest.CopyConfig(cfg)
	cfg.QPS = -1
	client, err := dynamic.NewForConfig(cfg)
	if err != nil {
		return fmt.Errorf("start the kubelet fixture: %w", err)
	}
	factory := dynamicinformer.NewDynamicSharedInformerFactory(client, 0)
	for _, gvr := range []schema.GroupVersionResource{deployments, statefulSets, claims} {
		heal := func(obj any) { go healOne(ctx, client, gvr, obj.(*unstructured.Unstructured), o) }
		handler := cache.ResourceEventHandlerFuncs{AddFunc: heal, UpdateFunc: func(_, obj any) { heal(obj) }}
		if _, err := factory.ForResource(gvr).Informer().AddEventHandler(handler); err != nil {
			return fmt.Errorf("watch %s: %w", gvr.Resource, err)
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return nil
}

// healOne reports an object healthy unless it already is.
func healOne(ctx context.Context, client dynamic.Interface, gvr schema.GroupVersionResource, obj *unstructured.Unstructured, o Options) {
	if obj.GetDeletionTimestamp() != nil {
		collect(ctx, client, gvr, obj)
		return
	}
	status := healthy(gvr, obj)
	if status == nil || (o.Ill != nil && o.Ill(obj)) {
		return
	}
	select {
	case <-ctx.Done():
		return
	case <-time.After(o.Delay):
	}
	if o.Healed != nil {
		o.Healed(obj)
	}
	patch, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		return
	}
	// A failure means that the object is gone or newer; then there is another event.
	_, _ = client.Resource(gvr).Namespace(obj.GetNamespace()).Patch(ctx, obj.GetName(), types.MergePatchType, patch, metav1.PatchOptions{}, "status")
}

// collect ends a foreground deletion, as the garbage collector does when there are no dependents.
func collect(ctx context.Context, client dynamic.Interface, gvr schema.GroupVersionResource, obj *unstructured.Unstructured) {
	if !slices.Contains(obj.GetFinalizers(), metav1.FinalizerDeleteDependents) {
		return
	}
	patch := []byte(`{"metadata":{"finalizers":null}}`)
	_, _ = client.Resource(gvr).Namespace(obj.GetNamespace()).Patch(ctx, obj.GetName(), types.MergePatchType, patch, metav1.PatchOptions{})
}

// healthy returns the status of a healthy object, or nil when the object has it already.
func healthy(gvr schema.GroupVersionResource, obj *unstructured.Unstructured) map[string]any {
	if gvr == claims {
		if phase, _, _ := unstructured.NestedString(obj.Object, "status", "phase"); phase == "Bound" {
			return nil
		}
		return map[string]any{"phase": "Bound"}
	}
	observed, _, _ := unstructured.NestedInt64(obj.Object, "status", "observedGeneration")
	if observed == obj.GetGeneration() {
		return nil
	}
	replicas, found, _ := unstructured.NestedInt64(obj.Object, "spec", "replicas")
	if !found {
		replicas = 1
	}
	status := map[string]any{"observedGeneration": obj.GetGeneration(), "replicas": replicas, "readyReplicas": replicas, "updatedReplicas": replicas, "availableReplicas": replicas}
	revision := fmt.Sprintf("%s-%d", obj.GetName(), obj.GetGeneration())
	if gvr == statefulSets {
		status["currentReplicas"], status["currentRevision"], status["updateRevision"] = replicas, revision, revision
		return status
	}
	now := metav1.Now().UTC().Format(time.RFC3339)
	status["conditions"] = []any{
		map[string]any{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable", "lastUpdateTime": now, "lastTransitionTime": now},
		map[string]any{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "lastUpdateTime": now, "lastTransitionTime": now},
	}
	return status
}
