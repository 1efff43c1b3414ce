package controller

import (
	"encoding/json"
	"hash/fnv"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/resourceversion"
)

// saved remembers what was written last, to know the engine's own echo and a cache that lags.
type saved struct {
	mu sync.Mutex
	m  map[types.UID]written
}

// written is the last write of one instance's status.
type written struct {
	status uint64
	at     time.Time
	// object is what the API server made of it, until the cache has it too.
	object *unstructured.Unstructured
}

func newSaved() *saved { return &saved{m: map[types.UID]written{}} }

func (s *saved) remember(o *unstructured.Unstructured, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[o.GetUID()] = written{status: statusHash(o), at: now, object: o}
}

func (s *saved) forget(uid types.UID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, uid)
}

// own says whether the object's status, as the cache has it now, is the one that was written last.
func (s *saved) own(o *unstructured.Unstructured) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, ok := s.m[o.GetUID()]
	if ok && last.object != nil && !older(o, last.object) {
		last.object = nil
		s.m[o.GetUID()] = last
	}
	return ok && last.status == statusHash(o)
}

// newest returns the object, or what was written last if the object is older than that.
func (s *saved) newest(o *unstructured.Unstructured) *unstructured.Unstructured {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := s.m[o.GetUID()].object; last != nil && older(o, last) {
		return last.DeepCopy()
	}
	return o
}

// at is when the instance's status was written last by this process.
func (s *saved) at(uid types.UID) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[uid].at
}

func older(a, b *unstructured.Unstructured) bool {
	order, err := resourceversion.CompareResourceVersion(a.GetResourceVersion(), b.GetResourceVersion())
	return err == nil && order < 0
}

func statusHash(o *unstructured.Unstructured) uint64 {
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(o.Object["status"])
	return h.Sum64()
}
