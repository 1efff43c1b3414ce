package plan

import (
	"fmt"
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// checkSteps checks the transitions of all steps.
func (w *walker) checkSteps(before, after *api.Run) {
	finals := func(r *api.Run) (n int) {
		for _, s := range r.Steps {
			if s.State.Final() {
				n++
			}
		}
		return n
	}
	if finals(after) < finals(before) || after.Progress != fmt.Sprintf("%d/%d", finals(after), len(after.Steps)) {
		w.Fatalf("progress went from %s to %s", before.Progress, after.Progress)
	}
	if len(after.Message) > api.MaxMessageLength {
		w.Fatalf("message of %d bytes: %s", len(after.Message), after.Message)
	}
	for i := range after.Steps {
		w.checkStep(i, &before.Steps[i], &after.Steps[i], after)
	}
}

// checkStep checks the transition of one step.
func (w *walker) checkStep(i int, was, is *api.StepStatus, after *api.Run) {
	switch {
	case was.State.Final():
		w.same("final step "+was.Name, was, is)
	case was.State == api.StepRunning && is.State == api.StepPending, was.State == api.StepRunning && is.State == api.StepSkipped,
		was.State == api.StepPending && is.State == api.StepComplete:
		w.Fatalf("step %s went from %s to %s", is.Name, was.State, is.State)
	case was.State == api.StepPending && is.State != api.StepPending && !w.unblocked(i, after):
		w.Fatalf("step %s began before its turn: %v", is.Name, states(*after))
	}
	limit := w.plan.Steps[i].Retry.Limit
	if limit > 0 && is.Retries > limit || is.Retries < was.Retries {
		w.Fatalf("step %s: %d retries, before %d, limit %d", is.Name, is.Retries, was.Retries, limit)
	}
	if len(is.Message) > api.MaxMessageLength {
		w.Fatalf("message of %d bytes: %s", len(is.Message), is.Message)
	}
	running := is.State == api.StepRunning && !after.State.Terminal()
	if running != (is.Deadline != nil) || !running && (is.DoneTasks != nil || is.NextTry != nil) {
		w.Fatalf("step %s of a %s run keeps the wrong fields: %+v", is.Name, after.State, is)
	}
	if is.FinishedAt != nil && is.StartedAt != nil && is.FinishedAt.Before(is.StartedAt) {
		w.Fatalf("step %s finished before it started: %+v", is.Name, is)
	}
	if is.State.Final() != (is.FinishedAt != nil) || is.State == api.StepFailed && (is.Reason == "" || is.Since == nil) {
		w.Fatalf("step %s: %+v", is.Name, is)
	}
	for _, task := range w.plan.Steps[i].Tasks {
		if is.State == api.StepComplete && !w.done[is.Name+":"+task] {
			w.Fatalf("step %s is Complete and its task %s is not done", is.Name, task)
		}
	}
}

// unblocked says by the words of the package, not by the compiled graph, whether a step may have begun.
func (w *walker) unblocked(i int, r *api.Run) bool {
	done := func(phase api.Phase, step api.Step) bool {
		state := r.StepStatus(phase.Name + "/" + step.Name).State
		return state == api.StepComplete || state == api.StepSkipped || state == api.StepFailed && step.OnFailure == "continue"
	}
	for n, phase := range w.source.Phases {
		for j, step := range phase.Steps {
			if phase.Name+"/"+step.Name != r.Steps[i].Name {
				continue
			}
			for _, name := range step.DependsOn {
				for _, p := range w.source.Phases {
					for _, s := range p.Steps {
						if p.Name+"/"+s.Name == name && !done(p, s) {
							return false
						}
					}
				}
			}
			if phase.Strategy != api.Parallel && j > 0 && !done(phase, phase.Steps[j-1]) {
				return false
			}
			return w.source.Strategy == api.Parallel || n == 0 || !slices.ContainsFunc(w.source.Phases[n-1].Steps, func(s api.Step) bool {
				return !done(w.source.Phases[n-1], s)
			})
		}
	}
	return false
}

// checkHoldAndSupersede checks that a held run starts nothing and that only a run that may be
// superseded is.
func (w *walker) checkHoldAndSupersede(before, after *api.Run, seen []Observation) {
	for i := range after.Steps {
		if w.in.Hold && before.Steps[i].State == api.StepPending && after.Steps[i].State != api.StepPending {
			w.Fatalf("step %s began while the run was held", after.Steps[i].Name)
		}
	}
	if after.State != api.RunSuperseded || before.State.Terminal() {
		return
	}
	if !w.in.Supersede || !w.plan.Interruptible {
		w.Fatalf("superseded, asked=%v interruptible=%v", w.in.Supersede, w.plan.Interruptible)
	}
	for _, o := range seen {
		if o.InFlight && o.Outcome != Done && after.StepStatus(o.Step).State == api.StepRunning {
			w.Fatalf("superseded while %s of %s is in flight", o.Task, o.Step)
		}
	}
	for i, s := range before.Steps {
		for _, task := range s.InFlight {
			landed := slices.ContainsFunc(seen, func(o Observation) bool { return o.Step == s.Name && o.Task == task })
			if !landed && after.Steps[i].State == api.StepRunning {
				w.Fatalf("superseded while %s of %s is in flight", task, s.Name)
			}
		}
	}
}

// checkActions checks that what is asked for may be done.
func (w *walker) checkActions(actions []Action) {
	for _, a := range actions {
		s := &w.run.Steps[a.StepIndex]
		if w.run.State.Terminal() || s.Name != a.Step || s.State != api.StepRunning {
			w.Fatalf("action %+v for a step that is %s in a run that is %s", a, s.State, w.run.State)
		}
		if w.done[a.Step+":"+a.Task] {
			w.Fatalf("action %+v for a task that is done", a)
		}
		if a.Observe != w.in.Hold {
			w.Fatalf("action %+v while hold is %v", a, w.in.Hold)
		}
	}
}
