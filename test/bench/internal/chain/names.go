package chain

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func (k Kind) folder() string { return strings.ToLower(k.Name) }

// Plural is the name of the resource.
func (k Kind) Plural() string { return k.folder() + "s" }

// Resource names the kind in URLs.
func (k Kind) Resource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: Group, Version: Version, Resource: k.Plural()}
}

// Instance returns a custom resource of the kind.
func (k Kind) Instance(namespace, name string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{}}}
	o.SetAPIVersion(Group + "/" + Version)
	o.SetKind(k.Name)
	o.SetNamespace(namespace)
	o.SetName(name)
	return o
}

// Waits says whether some object needs time to become healthy.
func (k Kind) Waits() bool { return strings.HasPrefix(k.Objects[len(k.Objects)-1], "Deployment") }
