package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// follow shows the instance at each change and each tick until there is nothing left to wait for.
// A watch that breaks off is begun anew.
func (i *instance) follow(ctx context.Context, s *screen, tick time.Duration) error {
	for {
		o, _, err := i.get(ctx)
		if err != nil {
			return err
		}
		w, err := i.resource.Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + i.name, ResourceVersion: o.GetResourceVersion()})
		if err != nil {
			return fmt.Errorf("watch %s: %w", i.display, err)
		}
		over, err := i.watch(ctx, w, s, o, tick)
		w.Stop()
		if over || err != nil {
			return err
		}
	}
}

// watch shows changes until there is nothing to wait for, or until the watch breaks off.
func (i *instance) watch(ctx context.Context, w watch.Interface, s *screen, o *unstructured.Unstructured, every time.Duration) (over bool, err error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if over, err := i.show(s, o); over || err != nil {
			return over, err
		}
		select {
		case <-ctx.Done():
			return true, errors.New("interrupted; the plan goes on without being watched")
		case <-tick.C:
		case e, ok := <-w.ResultChan():
			next, is := e.Object.(*unstructured.Unstructured)
			if !ok || !is {
				return false, nil
			}
			if o = next; e.Type == watch.Deleted {
				return true, i.deleted(s, o)
			}
		}
	}
}

// show draws the status and says whether there is anything left to wait for.
func (i *instance) show(s *screen, o *unstructured.Unstructured) (over bool, err error) {
	status, err := statusOf(o)
	if err != nil {
		return true, err
	}
	seen := status.ObservedGeneration == o.GetGeneration()
	stalled := seen && meta.IsStatusConditionTrue(status.Conditions, api.ConditionStalled)
	ready := seen && meta.IsStatusConditionTrue(status.Conditions, api.ConditionReady)
	// Line by line, the end of a run before the newest change is no news.
	if old := !seen && status.Plan != nil && status.Plan.State.Terminal(); s.place || !old {
		s.update(i.display, status, time.Now(), stalled || ready)
	}
	if stalled {
		return true, fmt.Errorf("%s needs a person: %s", i.display, meta.FindStatusCondition(status.Conditions, api.ConditionStalled).Reason)
	}
	return ready, nil
}

// deleted shows the last of an instance that is gone.
func (i *instance) deleted(s *screen, o *unstructured.Unstructured) error {
	status, err := statusOf(o)
	if err != nil {
		return err
	}
	s.update(i.display, status, time.Now(), true)
	fmt.Fprintf(s.out, "%s is gone\n", i.display)
	return nil
}
