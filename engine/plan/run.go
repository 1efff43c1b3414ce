package plan

import (
	"fmt"
	"time"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

// StartInput say what a new run is about.
type StartInput struct {
	// UID identifies the run.
	UID string
	// Revision is what the run carries out, FromRevision what was carried out before.
	Revision, FromRevision int64
	// Generation is the metadata.generation that the revision was frozen from.
	Generation int64
	// Reason says why the run is started, such as "spec.image changed".
	Reason string
	// Now is the present time.
	Now time.Time
}

// Start returns the record of a new run, in which no step has begun.
func Start(p *Plan, s StartInput) api.Run {
	now := whole(s.Now)
	run := api.Run{
		Name: p.Name, UID: s.UID, Revision: s.Revision, FromRevision: s.FromRevision,
		Generation: s.Generation, Reason: s.Reason,
		State: api.RunRunning, StartedAt: now, Progress: progress(0, len(p.Steps)),
		Steps: make([]api.StepStatus, len(p.Steps)),
	}
	if p.Timeout > 0 {
		run.Deadline = at(plus(now, p.Timeout))
	}
	for i := range p.Steps {
		run.Steps[i] = api.StepStatus{Name: p.Steps[i].Name, State: api.StepPending}
	}
	return run
}

// Input is what the machine is told about the world besides observations.
type Input struct {
	// Now is the present time.
	Now time.Time
	// Hold suspends the run: no step starts, running steps are only looked at, no limit passes.
	Hold bool
	// Supersede asks an interruptible run to end, because a newer wish waits.
	Supersede bool
	// Vars are the values of Variables for the steps' conditions.
	Vars expr.Vars
}

// misfit says why a record cannot belong to the plan, or "".
func (p *Plan) misfit(r *api.Run) string {
	if r.Name != p.Name {
		return fmt.Sprintf("the record is of plan %q, not %q", r.Name, p.Name)
	}
	if r.State != api.RunRunning && !r.State.Terminal() {
		return "the record has no state"
	}
	if len(r.Steps) != len(p.Steps) {
		return fmt.Sprintf("the record has %d steps, plan %q has %d", len(r.Steps), p.Name, len(p.Steps))
	}
	for i := range p.Steps {
		if r.Steps[i].Name != p.Steps[i].Name {
			return fmt.Sprintf("step %d of the record is %q, that of plan %q is %q", i+1, r.Steps[i].Name, p.Name, p.Steps[i].Name)
		}
		if s := r.Steps[i].State; !s.Final() && s != api.StepPending && s != api.StepRunning {
			return fmt.Sprintf("step %q is in the unknown state %q", r.Steps[i].Name, s)
		}
	}
	return ""
}
