package apply

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Enhance returns the manifest as it is sent: in normal form, in the owner's namespace, with the
// labels, annotations and owner reference of the owner. Only the object's own metadata is touched;
// a Pod template belongs to the package. A retained or cluster-scoped object gets no owner reference.
func Enhance(owner Owner, stamp Stamp, desired *unstructured.Unstructured, retain, namespaced bool) (*unstructured.Unstructured, error) {
	obj, err := normalise(desired)
	if err != nil {
		return nil, err
	}
	if err := place(owner, obj, namespaced); err != nil {
		return nil, err
	}
	if err := fitsLabel(owner, obj); err != nil {
		return nil, err
	}
	obj.SetLabels(merge(obj.GetLabels(), owner.labels(namespaced)))
	if retain {
		obj.SetAnnotations(merge(obj.GetAnnotations(), map[string]string{api.AnnotationRetain: "true"}))
	} else if namespaced {
		unstructured.SetNestedSlice(obj.Object, []any{owner.reference()}, "metadata", "ownerReferences") //nolint:errcheck // metadata is a map: SetLabels made it one
	}
	sum, err := digest(obj.Object)
	if err != nil {
		return nil, refuse(Terminal, ReasonInvalid, RefOf(obj), "cannot be written as JSON")
	}
	stamps := stamp.annotations()
	stamps[api.AnnotationApplied] = sum
	obj.SetAnnotations(merge(obj.GetAnnotations(), stamps))
	return obj, nil
}

// place puts a namespaced object in the owner's namespace and refuses any other.
func place(owner Owner, obj *unstructured.Unstructured, namespaced bool) error {
	if obj.GetName() == "" {
		return refuse(Terminal, ReasonInvalid, RefOf(obj), "has no name; set metadata.name in its template")
	}
	if !namespaced {
		unstructured.RemoveNestedField(obj.Object, "metadata", "namespace")
		return nil
	}
	if ns := obj.GetNamespace(); ns != "" && ns != owner.namespace() {
		return refuse(Terminal, ReasonForeignNamespace, RefOf(obj),
			fmt.Sprintf("is rendered for namespace %q, but %s lives in %q; leave metadata.namespace out of the template", ns, owner, owner.namespace()))
	}
	obj.SetNamespace(owner.namespace())
	return nil
}

// fitsLabel refuses instances whose name can't be a label value.
func fitsLabel(owner Owner, obj *unstructured.Unstructured) error {
	if n := len(owner.name()); n > validation.LabelValueMaxLength {
		return refuse(Terminal, ReasonInvalid, RefOf(obj),
			fmt.Sprintf("cannot be labelled: the name of the %s has %d characters, a label holds %d; choose a shorter name", owner.kind(), n, validation.LabelValueMaxLength))
	}
	return nil
}

// digest is a hash over the object's content: what the engine wants, apart from when and why.
func digest(object map[string]any) (string, error) {
	text, err := json.Marshal(object) // maps are written in the order of their keys
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

// merge returns both maps as one; more wins.
func merge(base, more map[string]string) map[string]string {
	out := make(map[string]string, len(base)+len(more))
	for k, v := range base {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}
