package e2e

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
)

const annotationKey = "e2e/edit"

// serviceAnnotation is an edit that restarts nothing and is seen on the Service.
func serviceAnnotation(value string) map[string]any {
	return map[string]any{"service": map[string]any{"annotations": map[string]any{annotationKey: value}}}
}

// carries waits until the Service carries the edit, and the instance's status has seen it.
func (i instance) carries(ctx context.Context, value string, limit time.Duration) error {
	return poll(ctx, limit, func(ctx context.Context) error {
		var s corev1.Service
		if err := kube.Get(ctx, i.key(""), &s); err != nil {
			return err
		}
		if got := s.Annotations[annotationKey]; got != value {
			return fmt.Errorf("the Service of %s carries %q, not %q", i, got, value)
		}
		o, status, err := i.get(ctx)
		if err != nil {
			return err
		}
		if status.ObservedGeneration != o.GetGeneration() {
			return fmt.Errorf("generation %d of %s is not observed, only %d", o.GetGeneration(), i, status.ObservedGeneration)
		}
		return nil
	})
}

// timeEdit edits the Service's annotation and returns how long it took to get there.
func (i instance) timeEdit(ctx context.Context, limit time.Duration) (time.Duration, error) {
	value := fmt.Sprint(time.Now().UnixNano())
	start := time.Now()
	if err := i.edit(ctx, serviceAnnotation(value)); err != nil {
		return 0, err
	}
	err := i.carries(ctx, value, limit)
	return time.Since(start), err
}
