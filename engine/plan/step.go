package plan

import (
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// begin starts a step, or skips it when its condition does not hold.
func (m *machine) begin(i int) {
	step := &m.plan.Steps[i]
	if step.When != nil {
		holds, err := step.When.Bool(m.in.Vars)
		if err != nil {
			m.fail(i, ReasonCondition, "when: "+err.Error())
			return
		}
		if !holds {
			m.finish(i, api.StepSkipped)
			return
		}
	}
	s := m.edit(i)
	s.State, s.StartedAt, s.Deadline = api.StepRunning, at(m.now), at(plus(m.now, step.Timeout))
}

// learn brings a running step up to what was seen of its tasks.
func (m *machine) learn(i int, r *report) {
	s := m.edit(i)
	triable := due(&m.run, i, m.in)
	s.DoneTasks = append(slices.Clip(s.DoneTasks), r.done...)
	s.InFlight = r.inFlight(m.plan.Steps[i].Tasks, s.InFlight)
	switch {
	case r.failure != nil && r.failure.Outcome != Transient:
		m.fail(i, or(r.failure.Reason, ReasonFailed), r.failure.Message)
		return
	case m.allDone(i):
		m.finish(i, api.StepComplete)
		return
	case r.failure != nil && triable:
		m.retry(i, r.failure)
	case r.failure == nil && triable:
		s.NextTry = nil
	}
	if r.failure == nil && r.waiting != nil {
		m.explain(i, or(r.waiting.Reason, ReasonWaiting), r.waiting.Message)
	}
	m.giveUpIfLate(i)
}

// allDone says whether no task of a step is left to do.
func (m *machine) allDone(i int) bool {
	for _, task := range m.plan.Steps[i].Tasks {
		if !slices.Contains(m.run.Steps[i].DoneTasks, task) {
			return false
		}
	}
	return true
}

// retry counts a failed try and sets the time of the next one, or gives up.
func (m *machine) retry(i int, o *Observation) {
	s, limits := m.edit(i), m.plan.Steps[i].Retry
	if limits.Limit > 0 && s.Retries >= limits.Limit {
		m.fail(i, or(o.Reason, ReasonRetrying), gaveUpMessage(s.Retries, o.Message))
		return
	}
	s.Retries++
	s.NextTry = at(plus(m.now, limits.wait(s.Retries)))
	m.explain(i, or(o.Reason, ReasonRetrying), o.Message)
}

// giveUpIfLate fails a step that was looked at after its deadline and is still not done. Its reason
// stays what it waited for, because that is what a person has to mend.
func (m *machine) giveUpIfLate(i int) {
	s := &m.run.Steps[i]
	if s.State != api.StepRunning || m.in.Hold || !reached(s.Deadline, m.in.Now) {
		return
	}
	late := "not ready after " + m.plan.Steps[i].Timeout.String()
	m.fail(i, or(s.Reason, ReasonTimeout), overdue(late, s.Message))
}

// explain says why a step does not go on; Since moves only with the reason.
func (m *machine) explain(i int, reason, message string) {
	s := m.edit(i)
	if s.Reason != reason || s.Since == nil {
		s.Since = at(m.now)
	}
	s.Reason, s.Message = reason, shorten(message)
}

// fail makes a step Failed for good and keeps why.
func (m *machine) fail(i int, reason, message string) {
	m.explain(i, reason, message)
	s := m.edit(i)
	reason, message, since := s.Reason, s.Message, s.Since
	m.finish(i, api.StepFailed)
	s.Reason, s.Message, s.Since = reason, message, since
}

// finish makes a step final and keeps of it only when it ran and how often it was retried.
func (m *machine) finish(i int, state api.StepState) {
	s := m.edit(i)
	*s = api.StepStatus{Name: s.Name, State: state, StartedAt: s.StartedAt, FinishedAt: at(m.now), Retries: s.Retries}
}
