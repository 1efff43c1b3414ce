package controller

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"sync"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// save writes the status when it has changed. It never overwrites a status that it has not read.
func (s *scope) save(ctx context.Context) error {
	status, err := statusMap(&s.status)
	if err != nil {
		return err
	}
	for k, v := range s.fields {
		status[k] = v
	}
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

// patch writes the status on top of the version that was read.
func (s *scope) patch(ctx context.Context, status map[string]any) error {
	next := s.object.DeepCopy()
	next.Object["status"] = status
	if err := s.Client.Status().Patch(ctx, next, client.MergeFromWithOptions(s.object, client.MergeFromWithOptimisticLock{})); err != nil {
		return err
	}
	next.SetManagedFields(nil)
	s.object = next
	s.saved.remember(next)
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

// saved remembers what status was written last, to know the engine's own echo and a cache that lags.
type saved struct {
	mu sync.Mutex
	m  map[types.UID]uint64
}

func newSaved() *saved { return &saved{m: map[types.UID]uint64{}} }

func (s *saved) remember(o *unstructured.Unstructured) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[o.GetUID()] = statusHash(o)
}

func (s *saved) forget(uid types.UID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, uid)
}

// own says whether the object's status is the one that was written last.
func (s *saved) own(o *unstructured.Unstructured) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	hash, ok := s.m[o.GetUID()]
	return ok && hash == statusHash(o)
}

// stale says whether the object may be older than what was written last.
func (s *saved) stale(o *unstructured.Unstructured) bool {
	s.mu.Lock()
	hash, ok := s.m[o.GetUID()]
	s.mu.Unlock()
	return ok && hash != statusHash(o)
}

func statusHash(o *unstructured.Unstructured) uint64 {
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(o.Object["status"])
	return h.Sum64()
}
