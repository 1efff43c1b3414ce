package plan

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Advance applies observations to a record and returns it with everything that follows from them,
// from the time and from the wish. The arguments stay as they are; an ended run is returned as it is.
func Advance(p *Plan, r api.Run, observations []Observation, in Input) api.Run {
	if r.State.Terminal() {
		return r
	}
	m := &machine{plan: p, run: r, in: in, now: whole(in.Now)}
	if why := p.misfit(&r); why != "" {
		m.refuse(why)
		return m.run
	}
	m.mend()
	m.hold()
	m.walk(m.file(observations))
	return m.run
}

// machine is one call of Advance.
type machine struct {
	plan  *Plan
	run   api.Run
	in    Input
	now   metav1.Time // in.Now as it is recorded
	owned bool        // run.Steps is no longer the caller's
}

// edit returns the record of a step for changing; the caller's steps are copied before the first.
func (m *machine) edit(i int) *api.StepStatus {
	if !m.owned {
		m.run.Steps, m.owned = slices.Clone(m.run.Steps), true
	}
	return &m.run.Steps[i]
}

// walk takes the run as far as it goes.
func (m *machine) walk(reports map[int]*report) {
	looked := m.look(reports)
	if m.settle() || m.supersede() || looked && m.expire() {
		return
	}
	if m.mayStart() {
		m.start()
	}
	if !m.settle() {
		m.describe()
	}
}

// look brings the running steps up to what was seen, and says whether all of them were.
func (m *machine) look(reports map[int]*report) bool {
	all := true
	for i := range m.run.Steps {
		if m.run.Steps[i].State != api.StepRunning {
			continue
		}
		switch {
		case reports[i] != nil:
			m.learn(i, reports[i])
		case m.allDone(i):
			m.finish(i, api.StepComplete)
		default:
			all = false
		}
	}
	return all
}

// mayStart says whether steps may begin: not when suspended, not when the run is to be superseded
// as soon as a call in flight has ended, and not after the plan's limit.
func (m *machine) mayStart() bool {
	superseded := m.in.Supersede && m.plan.Interruptible
	return !m.in.Hold && !superseded && !reached(m.run.Deadline, m.in.Now)
}

// start begins or skips, in one sweep, all steps that have nothing left to wait for, until one of
// them fails the run.
func (m *machine) start() {
	for _, i := range m.plan.order {
		if m.run.Steps[i].State != api.StepPending || !m.ready(i) {
			continue
		}
		m.begin(i)
		if m.stops(i) {
			return
		}
	}
}

// stops says whether a step has failed the run.
func (m *machine) stops(i int) bool {
	return m.run.Steps[i].State == api.StepFailed && !m.plan.Steps[i].ContinueOnFailure
}

// ready says whether all steps before a step are final. None of them has failed the run, or there
// would be nothing to start.
func (m *machine) ready(i int) bool {
	for _, before := range m.plan.Steps[i].After {
		if !m.run.Steps[before].State.Final() {
			return false
		}
	}
	return true
}

// settle ends the run when a step failed it or when all steps are final, and says whether it did.
func (m *machine) settle() bool {
	final := true
	for i := range m.run.Steps {
		s := &m.run.Steps[i]
		if m.stops(i) {
			m.end(api.RunFailed, s.Name, failedMessage(s))
			return true
		}
		final = final && s.State.Final()
	}
	if final {
		m.end(api.RunComplete, "", completeMessage(m.run.Steps))
	}
	return final
}

// supersede ends the run in favour of a newer wish if it may, and says whether it did.
func (m *machine) supersede() bool {
	if !m.in.Supersede || !m.plan.Interruptible {
		return false
	}
	for i := range m.run.Steps {
		if m.run.Steps[i].State == api.StepRunning && len(m.run.Steps[i].InFlight) > 0 {
			return false
		}
	}
	here := m.here()
	m.end(api.RunSuperseded, here, supersededMessage(here))
	return true
}

// expire ends the run when the plan's own limit has passed, and says whether it did.
func (m *machine) expire() bool {
	if m.in.Hold || !reached(m.run.Deadline, m.in.Now) {
		return false
	}
	here := m.here()
	message := planTimeoutMessage(m.plan, m.run.StepStatus(here))
	for i := range m.run.Steps {
		if s := &m.run.Steps[i]; s.State == api.StepRunning {
			m.fail(i, or(s.Reason, ReasonTimeout), overdue("not done when the plan's "+m.plan.Timeout.String()+" were over", s.Message))
		}
	}
	m.end(api.RunFailed, here, message)
	return true
}

// end makes the run terminal. Steps that still run stay Running in the record, with a word why.
func (m *machine) end(state api.RunState, step, message string) {
	for i := range m.run.Steps {
		if m.run.Steps[i].State == api.StepRunning {
			s := m.edit(i)
			s.Message = leftMessage(s.Message)
			s.NextTry, s.Deadline, s.DoneTasks = nil, nil, nil
		}
	}
	m.run.State, m.run.FinishedAt = state, at(m.now)
	m.run.Deadline, m.run.HeldAt = nil, nil
	m.run.Step, m.run.Message = step, shorten(message)
	m.run.Progress = m.progress()
}

// refuse ends a run whose record is not one of this plan. The steps are left alone.
func (m *machine) refuse(why string) {
	m.run.State, m.run.FinishedAt = api.RunFailed, at(m.now)
	m.run.Deadline, m.run.HeldAt = nil, nil
	m.run.Message = shorten("nothing more was done: " + why + "; start the plan anew")
}
