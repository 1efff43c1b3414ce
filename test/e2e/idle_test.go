package e2e

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	idleFor = 2 * time.Minute
	// settling is for the kubelet and the endpoint controllers, which write once more after the Pod is ready.
	settling = 3 * time.Second
)

// idleness is a namespace in which nothing should change any more.
type idleness struct {
	namespace string
	since     time.Time
	until     time.Time
	before    map[string]string
	after     map[string]string
	err       error
	done      chan struct{}
}

// watchIdle begins to look at an instance that has just become ready.
func watchIdle(ctx context.Context, i instance) (*idleness, error) {
	time.Sleep(settling)
	d := &idleness{namespace: i.namespace, since: time.Now(), until: time.Now().Add(idleFor), done: make(chan struct{})}
	var err error
	if d.before, err = versions(ctx, i.namespace); err != nil {
		return nil, err
	}
	go func() {
		defer close(d.done)
		select {
		case <-ctx.Done():
			d.err = ctx.Err()
		case <-time.After(time.Until(d.until)):
			d.after, d.err = versions(ctx, i.namespace)
		}
	}()
	return d, nil
}

// wait waits until the time is over.
func (d *idleness) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-d.done:
		return d.err
	}
}

// changes lists what is new, gone or changed.
func (d *idleness) changes() []string {
	var changed []string
	for object, version := range d.after {
		if before := d.before[object]; before != version {
			changed = append(changed, fmt.Sprintf("%s: %q is now %q", object, before, version))
		}
	}
	for object := range d.before {
		if _, there := d.after[object]; !there {
			changed = append(changed, object+" is gone")
		}
	}
	slices.Sort(changed)
	return changed
}

// watched are the kinds of which a DittoFS has objects, its own and what Kubernetes makes for them.
var watched = []schema.GroupVersionKind{
	kindDittoFS,
	{Group: "apps", Version: "v1", Kind: "StatefulSet"},
	{Group: "apps", Version: "v1", Kind: "ControllerRevision"},
	{Group: "policy", Version: "v1", Kind: "PodDisruptionBudget"},
	{Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy"},
	{Group: "discovery.k8s.io", Version: "v1", Kind: "EndpointSlice"},
	corev1.SchemeGroupVersion.WithKind("Pod"),
	corev1.SchemeGroupVersion.WithKind("Service"),
	corev1.SchemeGroupVersion.WithKind("Secret"),
	corev1.SchemeGroupVersion.WithKind("ConfigMap"),
	corev1.SchemeGroupVersion.WithKind("ServiceAccount"),
	corev1.SchemeGroupVersion.WithKind("PersistentVolumeClaim"),
}

// versions returns the resourceVersion of each object in a namespace.
func versions(ctx context.Context, namespace string) (map[string]string, error) {
	found := map[string]string{}
	for _, kind := range watched {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(kind)
		if err := kube.List(ctx, list, client.InNamespace(namespace)); err != nil {
			return nil, err
		}
		for _, o := range list.Items {
			found[kind.Kind+"/"+o.Name] = o.ResourceVersion
		}
	}
	return found, nil
}
