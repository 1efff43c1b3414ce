package apply

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// relation is how a living object stands to an instance.
type relation int

const (
	// free objects belong to no instance and have no controller.
	free relation = iota
	// ours belong to the instance, be it from an earlier life of the same name.
	ours
	// foreign objects belong to somebody else.
	foreign
)

// relate says whose the object is. The owner reference decides; without one, or with one to an
// instance of the same kind and name that is gone, the labels do.
func relate(owner Owner, live *unstructured.Unstructured) relation {
	controller := metav1.GetControllerOfNoCopy(live)
	switch {
	case controller != nil && controller.UID == owner.uid():
		return ours
	case controller != nil && !earlierLife(owner, controller):
		return foreign
	case labelled(owner, live):
		return ours
	case controller != nil || live.GetLabels()[api.LabelInstance] != "":
		return foreign
	}
	return free
}

// earlierLife says whether the reference names an instance of the same group, kind and name.
func earlierLife(owner Owner, ref *metav1.OwnerReference) bool {
	gv, err := schema.ParseGroupVersion(ref.APIVersion)
	return err == nil && gv.Group == owner.Object.GroupVersionKind().Group && ref.Kind == owner.kind() && ref.Name == owner.name()
}

// labelled says whether the object's labels name the instance.
func labelled(owner Owner, live *unstructured.Unstructured) bool {
	labels := live.GetLabels()
	if labels[api.LabelInstance] != owner.name() || labels[api.LabelKind] != owner.kind() {
		return false
	}
	if live.GetNamespace() == "" {
		return labels[api.LabelNamespace] == owner.namespace()
	}
	return live.GetNamespace() == owner.namespace()
}

// belongsTo names who the object belongs to, as kind/name, or nobody.
func belongsTo(live *unstructured.Unstructured) string {
	if controller := metav1.GetControllerOfNoCopy(live); controller != nil {
		return controller.Kind + "/" + controller.Name
	}
	labels := live.GetLabels()
	if labels[api.LabelInstance] == "" {
		return ""
	}
	return labels[api.LabelKind] + "/" + labels[api.LabelInstance]
}

// claim refuses an object that the instance may not have.
func claim(owner Owner, live *unstructured.Unstructured, policy api.OnConflict) error {
	switch relate(owner, live) {
	case ours:
		return nil
	case free:
		if policy == api.ConflictAdopt {
			return nil
		}
		return &ConflictError{Object: RefOf(live), Advice: "rename one of them, or let the task adopt it (onConflict: adopt)"}
	}
	return &ConflictError{Object: RefOf(live), Owner: belongsTo(live), Advice: "rename one of them"}
}
