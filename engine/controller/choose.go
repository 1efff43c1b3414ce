package controller

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/trigger"
)

// carryOut chooses runs and walks them until nothing moves any more.
func (s *scope) carryOut(ctx context.Context) error {
	for {
		running, err := s.choose(ctx)
		if err != nil || !running {
			return err
		}
		over, err := s.walk(ctx)
		if err != nil || !over {
			return err
		}
	}
}

// choose makes sure that status.plan is the run that should be going on, if any should.
func (s *scope) choose(ctx context.Context) (running bool, err error) {
	if s.running() {
		return true, nil
	}
	if s.operation.Suspend {
		return false, s.hold(ctx)
	}
	if started, err := s.startPending(ctx); started || err != nil {
		return started, err
	}
	failed, err := s.failedAlready(ctx)
	if err != nil || failed && !s.retryDue() {
		return false, err
	}
	chosen, err := s.ask(ctx)
	if err != nil || len(chosen) == 0 {
		return false, err
	}
	n := s.lastRevision() // the failed run's own
	if !failed {
		if n, err = s.freeze(ctx); err != nil {
			return false, err
		}
	}
	for _, c := range chosen {
		s.status.Pending = append(s.status.Pending, api.PendingPlan{Name: c.Plan, Revision: n, Reason: c.Reason})
	}
	s.startNext()
	return true, nil
}

// hold starts nothing and remembers whether something would start.
func (s *scope) hold(ctx context.Context) error {
	chosen, err := s.ask(ctx)
	s.held = len(chosen) > 0 || len(s.status.Pending) > 0
	return err
}

// freeze writes the wish down, and the package version that it needs.
func (s *scope) freeze(ctx context.Context) (int64, error) {
	if err := s.catalog.store.save(ctx, s.wish.Package); err != nil {
		return 0, err
	}
	return s.revisions.freeze(ctx, s.object, s.lastRevision(), s.wish)
}

func (s *scope) running() bool {
	return s.status.Plan != nil && !s.status.Plan.State.Terminal()
}

// startPending starts the next plan of the queue, unless the wish has moved on since.
func (s *scope) startPending(ctx context.Context) (bool, error) {
	if len(s.status.Pending) == 0 {
		return false, nil
	}
	w, err := s.revisions.get(ctx, s.object, s.status.Pending[0].Revision)
	if err != nil {
		return false, err
	}
	if w == nil || !w.equal(s.wish) {
		s.unfinished(s.status.Pending[0].Revision)
		s.status.Pending = nil
		return false, nil
	}
	s.startNext()
	return true, nil
}

// failedAlready says whether the last run failed on the very same wish.
func (s *scope) failedAlready(ctx context.Context) (bool, error) {
	run := s.status.Plan
	if run == nil || run.State != api.RunFailed {
		return false, nil
	}
	w, err := s.revisions.get(ctx, s.object, run.Revision)
	return w != nil && w.equal(s.wish), err
}

// retryDue says whether the plan of the failed run wants to be started anew by now.
func (s *scope) retryDue() bool {
	at, ok := s.retryAt()
	if !ok {
		return false
	}
	left := at.Sub(s.Now())
	s.wake(left)
	return left <= 0
}

// retryAt is when the failed run's plan wants to be started anew, if ever.
func (s *scope) retryAt() (time.Time, bool) {
	run := s.status.Plan
	p := s.model.plans[run.Name]
	if p == nil || run.FinishedAt == nil {
		return time.Time{}, false
	}
	var failures int32
	for _, h := range s.status.History {
		if h.State != api.RunFailed || h.Revision != run.Revision {
			break
		}
		failures++
	}
	return p.RetryAt(failures, run.FinishedAt.Time)
}

// ask maps the difference between what was carried out and the wish to plans.
func (s *scope) ask(ctx context.Context) ([]trigger.Chosen, error) {
	last, err := s.revisions.get(ctx, s.object, s.status.Revision)
	if err != nil {
		return nil, err
	}
	in := trigger.Input{Created: last == nil, New: s.wish.Spec, SchemaTriggers: s.model.triggers}
	if last != nil {
		in.Old = last.Spec
		in.PackageChanged = last.Package != s.wish.Package
	}
	for _, n := range s.status.Unfinished {
		w, err := s.revisions.get(ctx, s.object, n)
		if err != nil {
			return nil, err
		}
		if w == nil {
			in.Created = true // what that revision changed is no longer known: begin anew
			continue
		}
		in.Unfinished = append(in.Unfinished, w.Spec)
	}
	chosen, err := trigger.Choose(s.model.kind, in)
	if err != nil {
		s.trouble = &trouble{"NoPlan", short(err.Error())}
		return nil, nil
	}
	return chosen, nil
}

// startNext starts the first plan of the queue.
func (s *scope) startNext() {
	next := s.status.Pending[0]
	s.status.Pending = slices.Clone(s.status.Pending[1:])
	s.start(next)
}

func (s *scope) start(next api.PendingPlan) {
	run := plan.Start(s.model.plans[next.Name], plan.StartInput{
		UID:          s.runUID(next),
		Revision:     next.Revision,
		FromRevision: s.status.Revision,
		Generation:   s.object.GetGeneration(),
		Reason:       next.Reason,
		Now:          s.Now(),
	})
	ref := s.model.ref
	s.status.Package = &ref
	s.status.Plan = &run
	s.event(eventNormal, "PlanStarted", "plan %s started: %s (run %s, revision %d)", run.Name, run.Reason, run.UID, run.Revision)
}

// runUID derives the run's identity from what is saved, so that a start lost to a crash is found
// again as the same run.
func (s *scope) runUID(next api.PendingPlan) string {
	previous := ""
	if s.status.Plan != nil {
		previous = s.status.Plan.UID
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d/%s", s.object.GetUID(), next.Name, next.Revision, previous))
	return hex.EncodeToString(sum[:4])
}

// finish books a run that is over.
func (s *scope) finish() {
	run := s.status.Plan
	s.Executor.Calls.Forget(run.UID + "/")
	s.status.History = append([]api.Summary{run.Summary()}, s.status.History...)
	if len(s.status.History) > api.DefaultHistoryLimit {
		s.status.History = s.status.History[:api.DefaultHistoryLimit]
	}
	switch run.State {
	case api.RunComplete:
		s.event(eventNormal, "PlanComplete", "plan %s is complete (run %s)", run.Name, run.UID)
		if len(s.status.Pending) == 0 {
			s.status.Revision, s.status.Unfinished = run.Revision, nil
		}
		return
	case api.RunFailed:
		s.event(eventWarning, "PlanFailed", "plan %s failed (run %s): %s", run.Name, run.UID, run.Message)
	case api.RunSuperseded:
		s.event(eventNormal, "PlanSuperseded", "plan %s gave way to a newer wish (run %s)", run.Name, run.UID)
	}
	s.unfinished(run.Revision)
	s.status.Pending = nil
}

// unfinished remembers a revision that may have been carried out in part.
func (s *scope) unfinished(n int64) {
	if n != s.status.Revision && !slices.Contains(s.status.Unfinished, n) {
		s.status.Unfinished = append(s.status.Unfinished, n)
	}
	if extra := len(s.status.Unfinished) - api.DefaultHistoryLimit; extra > 0 {
		s.status.Unfinished = s.status.Unfinished[extra:]
	}
}

// lastRevision is the greatest revision number in use.
func (s *scope) lastRevision() int64 { return slices.Max(s.usedRevisions()) }

func (s *scope) usedRevisions() []int64 {
	used := append([]int64{s.status.Revision}, s.status.Unfinished...)
	if s.status.Plan != nil {
		used = append(used, s.status.Plan.Revision)
	}
	for _, p := range s.status.Pending {
		used = append(used, p.Revision)
	}
	return used
}
