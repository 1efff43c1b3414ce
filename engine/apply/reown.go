package apply

import (
	"context"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// dropEarlierOwner takes away a controller reference to an instance of the same name that is gone:
// an object can have one controller only. The patch is a removal, so that it leaves the engine no
// second claim on the field.
func (a *Applier) dropEarlierOwner(ctx context.Context, owner Owner, live *unstructured.Unstructured) error {
	for i, ref := range live.GetOwnerReferences() {
		if ref.Controller == nil || !*ref.Controller || ref.UID == owner.uid() {
			continue
		}
		path := fmt.Sprintf("/metadata/ownerReferences/%d", i)
		return a.patchMetadata(ctx, live.DeepCopy(), types.JSONPatchType, []any{
			map[string]any{"op": "test", "path": "/metadata/uid", "value": string(live.GetUID())},
			map[string]any{"op": "test", "path": path + "/uid", "value": string(ref.UID)},
			map[string]any{"op": "remove", "path": path},
		})
	}
	return nil
}

// reown brings labels, retain annotation and owner reference of an object in order whose content is
// not to be touched; it writes only when one of them is wrong.
func (a *Applier) reown(ctx context.Context, owner Owner, want, live *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	labels := merge(live.GetLabels(), want.GetLabels())
	references := othersAnd(owner, want, live)
	inOrder := len(labels) == len(live.GetLabels()) && retained(want) == retained(live) && len(Drift(ownership(want.GetLabels(), references), live)) == 0
	if inOrder && len(references) == len(live.GetOwnerReferences()) {
		return live, nil
	}
	var retain any
	if retained(want) {
		retain = "true"
	}
	out := live.DeepCopy()
	err := a.patchMetadata(ctx, out, types.MergePatchType, map[string]any{"metadata": map[string]any{
		"resourceVersion": live.GetResourceVersion(),
		"labels":          labels,
		"annotations":     map[string]any{api.AnnotationRetain: retain},
		"ownerReferences": references,
	}})
	return out, err
}

// othersAnd are the object's owner references without the instance's, and then the wanted one.
func othersAnd(owner Owner, want, live *unstructured.Unstructured) []any {
	all, _, _ := unstructured.NestedSlice(live.Object, "metadata", "ownerReferences")
	wanted, _, _ := unstructured.NestedSlice(want.Object, "metadata", "ownerReferences")
	out := []any{}
	for i, ref := range live.GetOwnerReferences() {
		if ref.UID != owner.uid() && !(isController(ref) && earlierLife(owner, &ref)) {
			out = append(out, all[i])
		}
	}
	return append(out, wanted...)
}

func isController(ref metav1.OwnerReference) bool { return ref.Controller != nil && *ref.Controller }

// ownership is an object that has these labels and references and nothing else.
func ownership(labels map[string]string, references []any) *unstructured.Unstructured {
	obj := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"ownerReferences": references}}}
	obj.SetLabels(labels)
	return obj
}

// patchMetadata sends a patch and leaves the answer in obj.
func (a *Applier) patchMetadata(ctx context.Context, obj *unstructured.Unstructured, kind types.PatchType, patch any) error {
	body, err := json.Marshal(patch)
	if err != nil {
		return border("write a patch of", obj, err)
	}
	err = a.Client.Patch(ctx, obj, client.RawPatch(kind, body), client.FieldOwner(api.FieldManager))
	obj.SetManagedFields(nil)
	return border("re-own", obj, err)
}
