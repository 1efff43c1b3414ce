package controller

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/trigger"
)

// retryCleanup is how long a failed cleanup rests before it is tried again.
const retryCleanup = time.Minute

// delete runs the plan for deletion, if there is one, and then removes what is left, in reverse
// order. Nothing here needs a revision: a namespace that is being deleted takes no new objects.
func (s *scope) delete(ctx context.Context) error {
	if !controllerutil.ContainsFinalizer(s.object, api.Finalizer) {
		return nil
	}
	s.status.Pending = nil
	cleaned, err := s.cleanup(ctx)
	if err != nil || !cleaned {
		return err
	}
	return s.removeAll(ctx)
}

// cleanup walks the plan for deletion. It says whether there is nothing left for it to do.
func (s *scope) cleanup(ctx context.Context) (bool, error) {
	if s.trouble != nil {
		log.FromContext(ctx).Info("cleanup plan left out", "reason", s.trouble.reason, "message", s.trouble.message)
		return true, nil
	}
	if s.running() && !s.deleting() {
		if over, err := s.walk(ctx); err != nil || !over {
			return false, err
		}
	}
	if !s.deleting() || s.cleanupDue() {
		chosen, err := trigger.Choose(s.model.kind, trigger.Input{Deleted: true, New: s.wish.Spec, SchemaTriggers: s.model.triggers})
		if err != nil {
			return false, fmt.Errorf("choose the plan for deletion: %w", err)
		}
		if len(chosen) == 0 {
			return true, nil
		}
		s.start(api.PendingPlan{Name: chosen[0].Plan, Revision: s.lastRevision(), Reason: chosen[0].Reason})
	}
	if s.running() {
		if over, err := s.walkWish(ctx, s.wish); err != nil || !over {
			return false, err
		}
	}
	return s.status.Plan.State == api.RunComplete, nil
}

// deleting says whether status.plan is the run of a plan for deletion.
func (s *scope) deleting() bool {
	if s.status.Plan == nil {
		return false
	}
	p := s.model.kind.Plan(s.status.Plan.Name)
	return p != nil && p.Triggers.Deleted
}

// cleanupDue says whether a failed cleanup has rested long enough.
func (s *scope) cleanupDue() bool {
	run := s.status.Plan
	if run.State != api.RunFailed || run.FinishedAt == nil {
		return false
	}
	left := run.FinishedAt.Add(retryCleanup).Sub(s.Now())
	s.wake(left)
	return left <= 0
}

// removeAll deletes the inventory in reverse order. It works when nothing renders any more.
func (s *scope) removeAll(ctx context.Context) error {
	remaining, err := s.Executor.Applier.DeleteAll(ctx, s.owner(), s.status.Inventory, apply.DeleteOptions{})
	if err != nil {
		s.trouble = &trouble{"CleanupBlocked", short(fmt.Sprintf("objects cannot be deleted: %v", err))}
		s.wake(retryCleanup)
		return nil
	}
	if len(remaining) == 0 {
		s.status.Inventory, s.trouble, s.released = nil, nil, true
		return nil
	}
	names := make([]string, len(remaining))
	for i, ref := range remaining {
		names[i] = ref.String()
	}
	s.trouble = &trouble{"Deleting", short("waits for the deletion of " + strings.Join(names, ", "))}
	s.wake(2 * time.Second)
	return nil
}
