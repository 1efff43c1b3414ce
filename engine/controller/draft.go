package controller

import (
	"maps"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// saveEvery is how often the status of a run that is under way is written at most. Steps that
// follow each other faster share a write: what a crash loses can be found out again, for applying
// what is there already changes nothing.
const saveEvery = 250 * time.Millisecond

// draft is a status that is still to be written.
type draft struct {
	status api.Status
	events []notice
	// base is the hash of the written status that the draft goes on from, and version that of the
	// instance in which it was seen.
	base    uint64
	version string
}

// continues says whether the draft goes on from what the object says.
func (d *draft) continues(o *unstructured.Unstructured) bool {
	return d.version == o.GetResourceVersion() || d.base == statusHash(o)
}

// drafts keeps one draft an instance.
type drafts struct {
	mu sync.Mutex
	m  map[types.UID]draft
}

func newDrafts() *drafts { return &drafts{m: map[types.UID]draft{}} }

func (d *drafts) get(uid types.UID) (draft, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found, ok := d.m[uid]
	return found, ok
}

func (d *drafts) keep(uid types.UID, f draft) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.m[uid] = f
}

func (d *drafts) forget(uid types.UID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.m, uid)
}

// open reads the instance's status, or takes up the draft that goes on from it.
func (s *scope) open() (err error) {
	if d, ok := s.drafts.get(s.object.GetUID()); ok && d.continues(s.object) {
		s.opened, s.events, s.drafted = d.status, slices.Clone(d.events), true
	} else if s.opened, err = readStatus(s.object); err != nil {
		return err
	}
	s.status = detached(s.opened)
	return nil
}

// detached copies what a reconcile changes in place.
func detached(status api.Status) api.Status {
	if status.Plan != nil {
		run := *status.Plan
		status.Plan = &run
	}
	status.Conditions = slices.Clone(status.Conditions)
	status.Outputs = maps.Clone(status.Outputs)
	return status
}

// postpone keeps the status as a draft when it may be written later, and asks to be called then.
func (s *scope) postpone() bool {
	left := s.saved.at(s.object.GetUID()).Add(saveEvery).Sub(s.Now())
	if left <= 0 || !s.moving() || !s.drafted && equality.Semantic.DeepEqual(s.status, s.opened) {
		return false
	}
	s.drafts.keep(s.object.GetUID(), draft{status: s.status, events: s.events, base: s.base(), version: s.object.GetResourceVersion()})
	s.wake(left)
	return true
}

// base is the hash of the written status; hashing it again for each draft would cost the most of all.
func (s *scope) base() uint64 {
	if d, ok := s.drafts.get(s.object.GetUID()); ok && d.version == s.object.GetResourceVersion() {
		return d.base
	}
	return statusHash(s.object)
}

// moving says whether the instance is in the middle of a run of which a crash may lose the latest.
func (s *scope) moving() bool {
	return s.running() && s.opened.Plan != nil && s.opened.Plan.UID == s.status.Plan.UID &&
		s.object.GetDeletionTimestamp() == nil && s.trouble == nil && s.status.ObservedGeneration == s.object.GetGeneration() &&
		s.status.Plan.HeldAt == nil && s.opened.Plan.HeldAt == nil && !inFlight(s.opened.Plan) && !inFlight(s.status.Plan)
}

// inFlight says whether the record tells of a call whose repetition would hurt.
func inFlight(run *api.Run) bool {
	return slices.ContainsFunc(run.Steps, func(s api.StepStatus) bool { return len(s.InFlight) > 0 })
}
