package main

import (
	"context"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// kinds are those that a DittoFS is, or is made of.
const kinds = "dittofses,statefulsets,pods,persistentvolumeclaims,services,configmaps,secrets,serviceaccounts," +
	"poddisruptionbudgets,networkpolicies,controllerrevisions"

// An instance is a DittoFS with everything that belongs to it.
type instance struct {
	object  *unstructured.Unstructured
	status  api.Status
	members []*unstructured.Unstructured
}

// load reads the DittoFS of that name and what belongs to it, at whatever remove.
func (n namespace) load(ctx context.Context, name string) (*instance, error) {
	listed, err := n.kubectl(ctx, "get", kinds, "-o", "json", "--show-managed-fields")
	if err != nil {
		return nil, err
	}
	var list unstructured.UnstructuredList
	if err := json.Unmarshal([]byte(listed), &list); err != nil {
		return nil, fmt.Errorf("read the objects: %w", err)
	}
	i, err := find(list.Items, name)
	if err != nil {
		return nil, err
	}
	owners := map[string]bool{string(i.object.GetUID()): true}
	for grown := true; grown; {
		grown = false
		for k := range list.Items {
			o := &list.Items[k]
			if uid := string(o.GetUID()); !owners[uid] && i.claims(o, owners) {
				i.members, owners[uid], grown = append(i.members, o), true, true
			}
		}
	}
	return i, nil
}

func find(objects []unstructured.Unstructured, name string) (*instance, error) {
	for k := range objects {
		o := &objects[k]
		if o.GetKind() != "DittoFS" || o.GetName() != name {
			continue
		}
		i := &instance{object: o}
		raw, err := json.Marshal(o.Object["status"])
		if err != nil {
			return nil, err
		}
		return i, json.Unmarshal(raw, &i.status)
	}
	return nil, fmt.Errorf("there is no DittoFS %s", name)
}

// claims says whether an object belongs to the instance: its owner does, or it has none and bears the
// label. What a DittoFS of the same name has left behind still belongs to that one.
func (i *instance) claims(o *unstructured.Unstructured, owners map[string]bool) bool {
	if owner := metav1.GetControllerOf(o); owner != nil {
		return owners[string(owner.UID)]
	}
	labels := o.GetLabels()
	return labels[api.LabelInstance] == i.object.GetName() && labels[api.LabelKind] == "DittoFS"
}

func title(o *unstructured.Unstructured) string { return o.GetKind() + "/" + o.GetName() }
