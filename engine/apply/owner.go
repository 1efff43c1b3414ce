package apply

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Owner is the instance that objects are applied for.
type Owner struct {
	// Object is the instance; its kind, name, namespace and UID count.
	Object *unstructured.Unstructured
	// Package is the name of the instance's package.
	Package string
}

// Stamp says what changes an object; it is written on the object when something else is, too.
type Stamp struct {
	Plan, Step, Run string
}

func (o Owner) name() string      { return o.Object.GetName() }
func (o Owner) namespace() string { return o.Object.GetNamespace() }
func (o Owner) kind() string      { return o.Object.GetKind() }
func (o Owner) uid() types.UID    { return o.Object.GetUID() }

// String returns kind/name.
func (o Owner) String() string { return o.kind() + "/" + o.name() }

// reference is the owner reference that makes the instance the controller of an object.
func (o Owner) reference() map[string]any {
	return map[string]any{
		"apiVersion":         o.Object.GetAPIVersion(),
		"kind":               o.kind(),
		"name":               o.name(),
		"uid":                string(o.uid()),
		"controller":         true,
		"blockOwnerDeletion": true,
	}
}

// labels are the labels of all objects of the instance. Those of cluster-scoped objects name
// the instance's namespace as well.
func (o Owner) labels(namespaced bool) map[string]string {
	labels := map[string]string{
		api.LabelInstance: o.name(),
		api.LabelKind:     o.kind(),
		api.LabelPackage:  o.Package,
	}
	if !namespaced {
		labels[api.LabelNamespace] = o.namespace()
	}
	return labels
}

// annotations are what a stamp writes.
func (s Stamp) annotations() map[string]string {
	return map[string]string{api.AnnotationPlan: s.Plan, api.AnnotationStep: s.Step, api.AnnotationRun: s.Run}
}

// isStamp says whether an annotation only tells what changed the object last.
func isStamp(annotation string) bool {
	return annotation == api.AnnotationPlan || annotation == api.AnnotationStep || annotation == api.AnnotationRun
}

// RefOf names the object.
func RefOf(obj *unstructured.Unstructured) api.ObjectRef {
	return api.ObjectRef{
		APIVersion: obj.GetAPIVersion(),
		Kind:       obj.GetKind(),
		Namespace:  obj.GetNamespace(),
		Name:       obj.GetName(),
		Retain:     retained(obj),
	}
}

// retained says whether the object outlives its instance.
func retained(obj *unstructured.Unstructured) bool {
	return obj.GetAnnotations()[api.AnnotationRetain] == "true"
}

// terminating says whether the object is on its way out.
func terminating(obj *unstructured.Unstructured) bool { return obj.GetDeletionTimestamp() != nil }

// isSecret says whether the reference names a core Secret.
func isSecret(ref api.ObjectRef) bool { return ref.APIVersion == "v1" && ref.Kind == "Secret" }

// isVolume says whether the reference names a PersistentVolumeClaim.
func isVolume(ref api.ObjectRef) bool {
	return ref.APIVersion == "v1" && ref.Kind == "PersistentVolumeClaim"
}

// gvkOf is the reference's group, version and kind.
func gvkOf(ref api.ObjectRef) schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(ref.APIVersion, ref.Kind)
}

// blank returns an object with the reference's identity and nothing else.
func blank(ref api.ObjectRef) *unstructured.Unstructured {
	obj := &unstructured.Unstructured{Object: map[string]any{}}
	obj.SetAPIVersion(ref.APIVersion)
	obj.SetKind(ref.Kind)
	obj.SetNamespace(ref.Namespace)
	obj.SetName(ref.Name)
	return obj
}
