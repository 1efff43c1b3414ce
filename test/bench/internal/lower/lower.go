// Package lower is the lower bound that the engine is measured against: the shortest honest program
// that makes the same objects in the same order. It applies an object, waits by a watch until it is
// healthy, and goes on. It keeps no record, knows no failure, and survives nothing.
package lower

import (
	"context"
	"errors"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"

	"github.com/dittofs/dittofs-operator/engine/health"
)

var resources = map[string]schema.GroupVersionResource{
	"ConfigMap":  {Version: "v1", Resource: "configmaps"},
	"Deployment": {Group: "apps", Version: "v1", Resource: "deployments"},
}

// Run makes the objects one after another; selector finds them all, and no others.
func Run(ctx context.Context, client dynamic.Interface, objects []*unstructured.Unstructured, selector string) error {
	last := objects[len(objects)-1]
	var events <-chan watch.Event
	if last.GetKind() == "Deployment" {
		w, err := client.Resource(resources[last.GetKind()]).Namespace(last.GetNamespace()).Watch(ctx, metav1.ListOptions{LabelSelector: selector})
		if err != nil {
			return fmt.Errorf("watch: %w", err)
		}
		defer w.Stop()
		events = w.ResultChan()
	}
	for _, o := range objects {
		live, err := client.Resource(resources[o.GetKind()]).Namespace(o.GetNamespace()).Apply(ctx, o.GetName(), o, metav1.ApplyOptions{FieldManager: "lower-bound", Force: true})
		if err != nil {
			return fmt.Errorf("apply %s: %w", o.GetName(), err)
		}
		if health.Of(live).Status != health.Healthy {
			if err := wait(ctx, events, o.GetName()); err != nil {
				return err
			}
		}
	}
	return nil
}

// wait reads events until one shows the object healthy.
func wait(ctx context.Context, events <-chan watch.Event, name string) error {
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", name, ctx.Err())
		case e, ok := <-events:
			if !ok {
				return errors.New("the watch ended")
			}
			o, ok := e.Object.(*unstructured.Unstructured)
			if ok && o.GetName() == name && health.Of(o).Status == health.Healthy {
				return nil
			}
		}
	}
}
