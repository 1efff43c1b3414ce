package controller

import (
	"context"
	"fmt"
	"maps"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// save writes the status when it has changed. It never overwrites a status that it has not read.
func (s *scope) save(ctx context.Context) error {
	status, err := statusMap(&s.status)
	if err != nil {
		return err
	}
	maps.Copy(status, s.packageFields())
	status = integers(status)
	if equality.Semantic.DeepEqual(s.object.Object["status"], any(status)) {
		return nil
	}
	err = s.patch(ctx, status)
	if apierrors.IsConflict(err) {
		err = s.patchAnew(ctx, status, err)
	}
	if s.object.GetDeletionTimestamp() != nil {
		err = client.IgnoreNotFound(err)
	}
	if err != nil {
		return fmt.Errorf("save status: %w", err)
	}
	return nil
}

// packageFields are the package's own status fields; as they were, until they are evaluated anew.
func (s *scope) packageFields() map[string]any {
	if s.fields != nil || s.model == nil {
		return s.fields
	}
	was, _ := s.object.Object["status"].(map[string]any)
	fields := map[string]any{}
	for name := range s.model.fields {
		if v, ok := was[name]; ok {
			fields[name] = v
		}
	}
	return fields
}

// patch writes the status on top of the version that was read.
func (s *scope) patch(ctx context.Context, status map[string]any) error {
	next := s.object.DeepCopy()
	next.Object["status"] = status
	if err := s.Client.Status().Patch(ctx, next, client.MergeFromWithOptions(s.object, client.MergeFromWithOptimisticLock{})); err != nil {
		return err
	}
	next.SetManagedFields(nil)
	s.object = next
	s.saved.remember(next, s.Now())
	return nil
}

// patchAnew writes the status on a newer version of the instance, if only its wish has changed
// meanwhile and nobody else has written the status.
func (s *scope) patchAnew(ctx context.Context, status map[string]any, conflict error) error {
	live := s.catalog.instance()
	if err := s.Live.Get(ctx, client.ObjectKeyFromObject(s.object), live); err != nil {
		return err
	}
	if live.GetUID() != s.object.GetUID() || !equality.Semantic.DeepEqual(live.Object["status"], s.object.Object["status"]) {
		return conflict
	}
	base := s.object.DeepCopy()
	base.SetResourceVersion(live.GetResourceVersion())
	s.object = base
	return s.patch(ctx, status)
}
