package plan

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// hold notes when the run was suspended, and on going on moves its limits by the time it stood still.
func (m *machine) hold() {
	switch {
	case m.in.Hold && m.run.HeldAt == nil:
		m.run.HeldAt = at(m.now)
	case !m.in.Hold && m.run.HeldAt != nil:
		m.shift(m.now.Sub(m.run.HeldAt.Time))
		m.run.HeldAt = nil
	}
}

// shift moves the limits of the run and of its running steps.
func (m *machine) shift(d time.Duration) {
	if m.run.Deadline != nil {
		m.run.Deadline = at(plus(*m.run.Deadline, d))
	}
	for i := range m.run.Steps {
		if m.run.Steps[i].State == api.StepRunning {
			s := m.edit(i)
			s.Deadline = at(plus(*s.Deadline, d))
		}
	}
}

// mend makes the record's times believable: none that is past lies in the future and none to come
// lies further off than it can, as they do when the clock was set back; a limit that is missing is
// set again.
func (m *machine) mend() {
	if isLater(&m.run.StartedAt, m.now) {
		m.run.StartedAt = m.now
	}
	m.run.HeldAt = clamp(m.run.HeldAt, m.now)
	if m.plan.Timeout > 0 {
		m.run.Deadline = limit(m.run.Deadline, m.run.StartedAt, m.now, m.plan.Timeout)
	}
	for i := range m.run.Steps {
		if m.run.Steps[i].State == api.StepRunning {
			m.mendStep(i)
		}
	}
}

// mendStep makes the times of a running step believable.
func (m *machine) mendStep(i int) {
	was, step := m.run.Steps[i], &m.plan.Steps[i]
	started := clamp(was.StartedAt, m.now)
	if started == nil {
		started = at(m.now)
	}
	since := clamp(was.Since, m.now)
	deadline := limit(was.Deadline, *started, m.now, step.Timeout)
	next := clamp(was.NextTry, plus(m.now, step.Retry.wait(was.Retries)))
	if started == was.StartedAt && since == was.Since && deadline == was.Deadline && next == was.NextTry {
		return
	}
	s := m.edit(i)
	s.StartedAt, s.Since, s.Deadline, s.NextTry = started, since, deadline, next
}

// clamp returns the time, or the latest that it can be.
func clamp(t *metav1.Time, latest metav1.Time) *metav1.Time {
	if isLater(t, latest) {
		return at(latest)
	}
	return t
}

// limit returns the deadline of something that began at a time, made believable.
func limit(deadline *metav1.Time, began, now metav1.Time, timeout time.Duration) *metav1.Time {
	if deadline == nil {
		deadline = at(plus(began, timeout))
	}
	return clamp(deadline, plus(now, timeout))
}
