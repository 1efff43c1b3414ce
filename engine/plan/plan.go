package plan

import (
	"time"

	"github.com/dittofs/dittofs-operator/engine/expr"
)

// MaxSteps is the greatest number of steps of a plan: 20 phases of 20 steps, whose record still
// fits into a status.
const MaxSteps = 400

// MaxTasks is the greatest number of tasks of a step.
const MaxTasks = 50

// Plan is a checked graph of steps, made by Compile. It never changes.
type Plan struct {
	// Name is the plan's name.
	Name string
	// Steps are in the order in which the plan states them.
	Steps []Step
	// Timeout bounds the whole run; 0 means no bound.
	Timeout time.Duration
	// Interruptible says whether a newer wish may supersede a run.
	Interruptible bool
	// Retry says when a failed run is started anew; nil means never.
	Retry *Retry

	order []int          // Steps such that each comes after all those it waits for
	index map[string]int // Steps by name
}

// Step is a node of the graph.
type Step struct {
	// Name is phase/step.
	Name string
	// Phase is the name of the step's phase.
	Phase string
	// Tasks are attempted in this order.
	Tasks []string
	// After are the indices of the steps that must be done first, ascending.
	After []int
	// When decides whether the step is skipped; nil means never.
	When *expr.Program
	// Timeout bounds the step, retries and waiting included; never 0.
	Timeout time.Duration
	// Retry bounds the repetition of what fails for a reason that may pass.
	Retry Retry
	// ContinueOnFailure lets the run go on when the step fails.
	ContinueOnFailure bool
}

// Retry bounds the repetition of a step, with all defaults filled in.
type Retry struct {
	// Limit is the greatest number of retries; 0 means until the step's timeout.
	Limit int32
	// Backoff is the wait before the first retry; it doubles each time up to MaxBackoff.
	Backoff, MaxBackoff time.Duration
}

// RetryAt says when a run that failed, the n-th in a row counted from 1, is to be started anew.
// ok is false when that is left to a person.
func (p *Plan) RetryAt(n int32, failed time.Time) (at time.Time, ok bool) {
	if p.Retry == nil || p.Retry.Limit > 0 && n > p.Retry.Limit {
		return time.Time{}, false
	}
	return failed.Add(p.Retry.wait(n)), true
}

// wait is the time between the n-th failed try, counted from 1, and the next one.
func (r Retry) wait(n int32) time.Duration {
	d := r.Backoff
	for ; n > 1; n-- {
		if d > r.MaxBackoff/2 {
			return r.MaxBackoff
		}
		d *= 2
	}
	return min(d, r.MaxBackoff)
}
