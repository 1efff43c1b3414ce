package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// aftermath is how long Kubernetes' own controllers may write down what a change has come to. The
// DittoFS itself gets no such time.
const aftermath = 3 * time.Second

// settled proves that the DittoFS of a file is at rest, and that its parts are in order.
func (n namespace) settled(ctx context.Context, file string, span time.Duration) error {
	name, err := nameIn(file)
	if err != nil {
		return err
	}
	first, err := n.load(ctx, name)
	if err != nil {
		return err
	}
	if err := errors.Join(first.carriedOut(), first.owned(), first.listed()); err != nil {
		return err
	}
	time.Sleep(aftermath)
	before, err := n.load(ctx, name)
	if err != nil {
		return err
	}
	before.object = first.object
	time.Sleep(span)
	after, err := n.load(ctx, name)
	if err != nil {
		return err
	}
	if written := changes(before.all(), after.all()); len(written) > 0 {
		return fmt.Errorf("not at rest: in %v\n%s", span, strings.Join(written, "\n"))
	}
	fmt.Printf("%s and its %d objects: nothing written in %v\n", name, len(after.members), span)
	return n.diff(ctx, file)
}

func nameIn(file string) (string, error) {
	document, err := filled(file)
	if err != nil {
		return "", err
	}
	var o metav1.PartialObjectMetadata
	if err := yaml.Unmarshal([]byte(document), &o); err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	if o.Name == "" {
		return "", fmt.Errorf("%s names no object", file)
	}
	return o.Name, nil
}

// carriedOut fails unless the present wish is carried out and nothing waits.
func (i *instance) carriedOut() error {
	ready := meta.FindStatusCondition(i.status.Conditions, api.ConditionReady)
	generation := i.object.GetGeneration()
	switch {
	case ready == nil || ready.Status != metav1.ConditionTrue || ready.ObservedGeneration != generation:
		return fmt.Errorf("generation %d is not Ready: %+v", generation, ready)
	case len(i.status.Pending) > 0 || len(i.status.Unfinished) > 0:
		return fmt.Errorf("plans wait: %+v %+v", i.status.Pending, i.status.Unfinished)
	}
	return nil
}

// owned fails unless the DittoFS owns all that shall end with it, and nothing else.
func (i *instance) owned() error {
	var wrong []error
	for _, task := range i.status.Inventory {
		for _, ref := range task.Objects {
			k := slices.IndexFunc(i.members, func(o *unstructured.Unstructured) bool { return title(o) == ref.String() })
			if k < 0 {
				wrong = append(wrong, fmt.Errorf("%s is in status.inventory and does not exist, or bears no label of this DittoFS", ref))
				continue
			}
			if owners := i.members[k].GetOwnerReferences(); ref.Retain == i.owns(owners) || ref.Retain && len(owners) > 0 {
				wrong = append(wrong, fmt.Errorf("%s: retain is %v and its owners are %+v", ref, ref.Retain, owners))
			}
		}
	}
	return errors.Join(wrong...)
}

// owns says whether this DittoFS is the one owner and the controller.
func (i *instance) owns(owners []metav1.OwnerReference) bool {
	return len(owners) == 1 && owners[0].UID == i.object.GetUID() && owners[0].Kind == "DittoFS" &&
		owners[0].Controller != nil && *owners[0].Controller
}

// listed fails unless every object that was made for the DittoFS stands in its inventory.
func (i *instance) listed() error {
	var wrong []error
	for _, o := range i.members {
		if owner := metav1.GetControllerOf(o); owner != nil && (owner.UID != i.object.GetUID() || o.GetKind() == "ControllerRevision") {
			continue // its owner stands there, or it is a frozen run
		}
		if !slices.ContainsFunc(i.status.Inventory, func(t api.TaskObjects) bool {
			return slices.ContainsFunc(t.Objects, func(r api.ObjectRef) bool { return r.String() == title(o) })
		}) {
			wrong = append(wrong, fmt.Errorf("%s is not in status.inventory", title(o)))
		}
	}
	return errors.Join(wrong...)
}

// all are the DittoFS and its objects, by kind and name.
func (i *instance) all() map[string]*unstructured.Unstructured {
	all := map[string]*unstructured.Unstructured{title(i.object): i.object}
	for _, o := range i.members {
		all[title(o)] = o
	}
	return all
}

// changes says what was made, written and deleted between two looks, and by whom.
func changes(before, after map[string]*unstructured.Unstructured) []string {
	var found []string
	for name, now := range after {
		switch was, ok := before[name]; {
		case !ok || was.GetUID() != now.GetUID():
			found = append(found, name+" was made")
		case was.GetResourceVersion() != now.GetResourceVersion():
			found = append(found, fmt.Sprintf("%s was written by %s", name, writer(now)))
		}
	}
	for name := range before {
		if after[name] == nil {
			found = append(found, name+" was deleted")
		}
	}
	slices.Sort(found)
	return found
}

// writer is the manager of the fields that were written last.
func writer(o *unstructured.Unstructured) string {
	var last metav1.ManagedFieldsEntry
	for _, f := range o.GetManagedFields() {
		if f.Time != nil && (last.Time == nil || last.Time.Before(f.Time)) {
			last = f
		}
	}
	return last.Manager
}
