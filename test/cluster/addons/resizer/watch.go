package resizer

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
)

// Run watches claims and resizes their volumes until ctx ends. A failure is
// logged and tried again, ever more slowly.
func Run(ctx context.Context, client kubernetes.Interface, pool Pool, provisioner string) {
	r := &resizer{api: objects{client}, pool: pool, provisioner: provisioner}
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]())
	factory := informers.NewSharedInformerFactory(client, 0)
	claims := factory.Core().V1().PersistentVolumeClaims().Informer()
	enqueue := func(object any) {
		if claim, ok := object.(*corev1.PersistentVolumeClaim); ok {
			queue.Add(claim.Namespace + "/" + claim.Name)
		}
	}
	if _, err := claims.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: enqueue, UpdateFunc: func(_, object any) { enqueue(object) },
	}); err != nil {
		klog.ErrorS(err, "watching claims")
		return
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	go func() {
		<-ctx.Done()
		queue.ShutDown()
	}()
	for next(ctx, r, claims.GetStore(), queue) {
	}
}

// next handles one claim; it is false when the queue is closed.
func next(ctx context.Context, r *resizer, store cache.Store, queue workqueue.TypedRateLimitingInterface[string]) bool {
	key, closed := queue.Get()
	if closed {
		return false
	}
	defer queue.Done(key)
	object, there, err := store.GetByKey(key)
	if err == nil && there {
		err = r.resize(ctx, object.(*corev1.PersistentVolumeClaim))
	}
	if err != nil {
		klog.ErrorS(err, "resizing", "claim", key)
		queue.AddRateLimited(key)
		return true
	}
	queue.Forget(key)
	return true
}

// objects is api on a cluster.
type objects struct{ client kubernetes.Interface }

func (o objects) Volume(ctx context.Context, name string) (*corev1.PersistentVolume, error) {
	return o.client.CoreV1().PersistentVolumes().Get(ctx, name, metav1.GetOptions{})
}

func (o objects) PatchVolume(ctx context.Context, name string, patch []byte) error {
	_, err := o.client.CoreV1().PersistentVolumes().Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{})
	return err
}

func (o objects) PatchClaimStatus(ctx context.Context, namespace, name string, patch []byte) error {
	claims := o.client.CoreV1().PersistentVolumeClaims(namespace)
	_, err := claims.Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}
