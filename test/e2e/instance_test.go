package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var kindDittoFS = schema.GroupVersionKind{Group: "dittofs.io", Version: "v1alpha1", Kind: "DittoFS"}

// instance names a DittoFS.
type instance struct{ namespace, name string }

func (i instance) String() string { return i.namespace + "/" + i.name }

func (i instance) key(suffix string) client.ObjectKey {
	return client.ObjectKey{Namespace: i.namespace, Name: i.name + suffix}
}

// small is a spec that lets many servers run on a small machine.
func small() map[string]any {
	spec := map[string]any{
		"storage":   map[string]any{"size": "256Mi", "reclaimPolicy": "Delete"},
		"resources": map[string]any{"requests": map[string]any{"cpu": "10m", "memory": "32Mi"}},
	}
	if image := os.Getenv("DITTOFS_IMAGE"); image != "" {
		spec["image"] = image
	}
	return spec
}

// blank is the instance without content, for requests.
func (i instance) blank() *unstructured.Unstructured {
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(kindDittoFS)
	o.SetNamespace(i.namespace)
	o.SetName(i.name)
	return o
}

func (i instance) create(ctx context.Context, spec map[string]any) error {
	o := i.blank()
	o.Object["spec"] = spec
	return kube.Create(ctx, o)
}

// deploy makes an instance and waits until it is ready.
func deploy(ctx context.Context, namespace, name string) (instance, error) {
	i := instance{namespace, name}
	if err := i.create(ctx, small()); err != nil {
		return i, err
	}
	return i, i.waitReady(ctx, time.Minute)
}

// edit merges a change into the spec.
func (i instance) edit(ctx context.Context, spec map[string]any) error {
	return i.patch(ctx, map[string]any{"spec": spec})
}

func (i instance) patch(ctx context.Context, change map[string]any) error {
	data, err := json.Marshal(change)
	if err != nil {
		return err
	}
	return kube.Patch(ctx, i.blank(), client.RawPatch(types.MergePatchType, data))
}

func (i instance) get(ctx context.Context) (*unstructured.Unstructured, api.Status, error) {
	o := i.blank()
	if err := kube.Get(ctx, i.key(""), o); err != nil {
		return nil, api.Status{}, err
	}
	status, err := statusOf(o)
	return o, status, err
}

func statusOf(o *unstructured.Unstructured) (api.Status, error) {
	var status api.Status
	raw, _, err := unstructured.NestedMap(o.Object, "status")
	if err != nil || raw == nil {
		return status, err
	}
	return status, runtime.DefaultUnstructuredConverter.FromUnstructured(raw, &status)
}

// waitReady waits as people do.
func (i instance) waitReady(ctx context.Context, limit time.Duration) error {
	_, err := cluster.kubectl(ctx, "wait", "--for=condition=Ready", "-n", i.namespace, "dittofs/"+i.name, "--timeout="+limit.String())
	if err == nil {
		return nil
	}
	_, status, _ := i.get(ctx)
	return fmt.Errorf("%w\n%s", err, describe(status))
}

// describe says in a line or two where an instance is.
func describe(s api.Status) string {
	text := fmt.Sprintf("observedGeneration %d", s.ObservedGeneration)
	if s.Plan != nil {
		text += fmt.Sprintf(", run %s of %s: %s at %s (%s): %s", s.Plan.UID, s.Plan.Name, s.Plan.State, s.Plan.Step, s.Plan.Progress, s.Plan.Message)
	}
	for _, c := range s.Conditions {
		text += fmt.Sprintf("\n%s=%s %s: %s", c.Type, c.Status, c.Reason, c.Message)
	}
	return text
}

// readyNow says whether the instance claims that its present generation is carried out.
func readyNow(o *unstructured.Unstructured, s api.Status) bool {
	c := meta.FindStatusCondition(s.Conditions, api.ConditionReady)
	return c != nil && c.Status == metav1.ConditionTrue && c.ObservedGeneration == o.GetGeneration()
}

func (i instance) pod(ctx context.Context) (*corev1.Pod, error) {
	var pod corev1.Pod
	return &pod, kube.Get(ctx, i.key("-0"), &pod)
}

// delete asks for the deletion and waits until the instance is gone.
func (i instance) delete(ctx context.Context, limit time.Duration) error {
	if err := kube.Delete(ctx, i.blank()); err != nil {
		return err
	}
	return gone(ctx, i.blank(), limit)
}

// gone waits until an object does not exist.
func gone(ctx context.Context, o client.Object, limit time.Duration) error {
	return poll(ctx, limit, func(ctx context.Context) error {
		err := kube.Get(ctx, client.ObjectKeyFromObject(o), o)
		if err == nil {
			return fmt.Errorf("%s is still there", o.GetName())
		}
		return client.IgnoreNotFound(err)
	})
}

// poll tries until there is no error, every 20 ms, and returns the last error after the limit.
func poll(ctx context.Context, limit time.Duration, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not within %s: %w", limit, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// newNamespace makes a namespace that is deleted at the end of the container it is made in.
func newNamespace(ctx context.Context, purpose string) string {
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "e2e-" + purpose + "-", Labels: map[string]string{"dittofs.io/e2e": purpose}}}
	Expect(kube.Create(ctx, ns)).To(Succeed())
	DeferCleanup(func(ctx SpecContext) {
		explain(ctx, ns.Name)
		Expect(client.IgnoreNotFound(kube.Delete(ctx, ns))).To(Succeed())
	}, NodeTimeout(time.Minute))
	return ns.Name
}

// explain writes down where the instances of a namespace are, when a test failed.
func explain(ctx context.Context, namespace string) {
	if !CurrentSpecReport().Failed() {
		return
	}
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(kindDittoFS)
	if err := kube.List(ctx, list, client.InNamespace(namespace)); err != nil {
		GinkgoWriter.Println(err)
		return
	}
	for _, o := range list.Items {
		status, _ := statusOf(&o)
		GinkgoWriter.Printf("%s/%s generation %d, %s\n", namespace, o.GetName(), o.GetGeneration(), describe(status))
	}
	events, _ := cluster.kubectl(ctx, "get", "events", "-n", namespace, "--sort-by=.metadata.creationTimestamp")
	GinkgoWriter.Println(events)
}
