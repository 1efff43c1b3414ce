package controller

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// inRun is a look at an instance in the middle of a run, half a second after midnight; its status
// was written at that moment.
func inRun(t *testing.T, r *Reconciler) *scope {
	t.Helper()
	s := &scope{Reconciler: r, object: &unstructured.Unstructured{Object: map[string]any{
		"metadata": map[string]any{"uid": "u", "resourceVersion": "10", "generation": int64(1)},
		"status":   map[string]any{"observedGeneration": int64(1), "plan": map[string]any{"name": "deploy", "uid": "r", "state": "Running", "steps": []any{map[string]any{"name": "main/a", "state": "Running"}}}},
	}}}
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	return s
}

func drafting(since time.Duration) *Reconciler {
	r := &Reconciler{saved: newSaved(), drafts: newDrafts(), Now: func() time.Time { return time.Unix(100, 0).Add(since) }}
	r.saved.m["u"] = written{at: time.Unix(100, 0)}
	return r
}

func TestPostpone(t *testing.T) {
	for name, c := range map[string]struct {
		since  time.Duration
		change func(*scope)
		want   bool
	}{
		"a step further":       {0, func(s *scope) { s.status.Plan.Message = "next" }, true},
		"nothing new":          {0, func(*scope) {}, false},
		"long after the last":  {saveEvery, func(s *scope) { s.status.Plan.Message = "next" }, false},
		"the run ends":         {0, func(s *scope) { s.status.Plan.State = api.RunComplete }, false},
		"another run begins":   {0, func(s *scope) { s.status.Plan.UID = "r2" }, false},
		"the spec has changed": {0, func(s *scope) { s.object.SetGeneration(2); s.status.Plan.Message = "next" }, false},
		"it is being deleted": {0, func(s *scope) {
			now := metav1.Now()
			s.object.SetDeletionTimestamp(&now)
			s.status.Plan.Message = "next"
		}, false},
		"a call is in flight":   {0, func(s *scope) { s.status.Plan.Steps = []api.StepStatus{{InFlight: []string{"call"}}} }, false},
		"a call has been made":  {0, func(s *scope) { s.opened.Plan.Steps = []api.StepStatus{{InFlight: []string{"call"}}} }, false},
		"somebody suspends it":  {0, func(s *scope) { now := metav1.Now(); s.status.Plan.HeldAt = &now }, false},
		"there is some trouble": {0, func(s *scope) { s.trouble = &trouble{"X", "x"}; s.status.Plan.Message = "next" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := inRun(t, drafting(c.since))
			c.change(s)
			if got := s.postpone(); got != c.want {
				t.Fatalf("postponed: %v", got)
			}
			if c.want && s.again != saveEvery-c.since {
				t.Errorf("it is written after %v", s.again)
			}
		})
	}
}

// The next look goes on from the draft, events included, and writes it when its time has come.
func TestDraftIsTakenUp(t *testing.T) {
	r := drafting(0)
	first := inRun(t, r)
	first.status.Plan.Message = "next"
	first.event(eventNormal, "Tested", "x")
	if !first.postpone() {
		t.Fatal("not postponed")
	}
	second := inRun(t, r)
	if second.status.Plan.Message != "next" || len(second.events) != 1 {
		t.Errorf("the draft is lost: %+v, %d events", second.status.Plan, len(second.events))
	}
	second.status.Plan.Message = "changed"
	if third := inRun(t, r); third.status.Plan.Message != "next" || !third.postpone() {
		t.Error("a look that failed has changed the draft, or dropped it")
	}
	r.Now = func() time.Time { return time.Unix(100, 0).Add(saveEvery) }
	if inRun(t, r).postpone() {
		t.Error("a draft was kept for too long")
	}
}

// A status that somebody else has written ends the draft; an edit of the spec does not.
func TestDraftAndOthers(t *testing.T) {
	r := drafting(0)
	first := inRun(t, r)
	first.status.Plan.Message = "next"
	if !first.postpone() {
		t.Fatal("not postponed")
	}
	s := &scope{Reconciler: r, object: first.object.DeepCopy()}
	s.object.SetResourceVersion("11")
	if err := s.open(); err != nil || !s.drafted {
		t.Errorf("an edit of the spec dropped the draft: %v", err)
	}
	s = &scope{Reconciler: r, object: s.object}
	s.object.Object["status"] = map[string]any{"plan": map[string]any{"name": "theirs", "uid": "t", "state": "Running"}}
	if err := s.open(); err != nil || s.drafted || s.status.Plan.Name != "theirs" {
		t.Errorf("a draft over somebody else's status: %v %+v", err, s.status.Plan)
	}
}
