package bed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/test/bench/internal/chain"
)

// Readiness watches the instances of one kind become ready.
type Readiness struct {
	watch watch.Interface
}

// Ready is an instance that became ready and when that was seen.
type Ready struct {
	Name string
	At   time.Time
}

// WatchReady watches from now on.
func (b *Bed) WatchReady(ctx context.Context, k chain.Kind, namespace string) (*Readiness, error) {
	list := &unstructured.UnstructuredList{}
	list.SetAPIVersion(chain.Group + "/" + chain.Version)
	list.SetKind(k.Name + "List")
	w, err := b.Client.Watch(ctx, list, client.InNamespace(namespace))
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", k.Name, err)
	}
	return &Readiness{w}, nil
}

// Next returns the next event of an instance that is ready. The same instance may come again.
func (r *Readiness) Next(ctx context.Context) (Ready, error) {
	for {
		select {
		case <-ctx.Done():
			return Ready{}, fmt.Errorf("wait for instances: %w", ctx.Err())
		case e, ok := <-r.watch.ResultChan():
			if !ok {
				return Ready{}, errors.New("the watch of instances ended")
			}
			if o, ok := e.Object.(*unstructured.Unstructured); ok && e.Type != watch.Deleted && IsReady(o) {
				return Ready{o.GetName(), time.Now()}, nil
			}
		}
	}
}

// Wait waits for one instance.
func (r *Readiness) Wait(ctx context.Context, name string) (time.Time, error) {
	for {
		next, err := r.Next(ctx)
		if err != nil || next.Name == name {
			return next.At, err
		}
	}
}

// Stop ends the watch.
func (r *Readiness) Stop() { r.watch.Stop() }

// IsReady says whether an instance's present generation is carried out.
func IsReady(o *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(o.Object, "status", "conditions")
	for _, c := range conditions {
		m, _ := c.(map[string]any)
		if m["type"] == "Ready" {
			return m["status"] == "True" && m["observedGeneration"] == o.GetGeneration()
		}
	}
	return false
}
