package plan

import "slices"

// Outcome is how an attempt at a task ended.
type Outcome string

// The outcomes of an attempt.
const (
	// Done means that the task needs no further attempt in this run.
	Done Outcome = "Done"
	// Waiting means that nothing is wrong, and nothing is left to do but to look again.
	Waiting Outcome = "Waiting"
	// Transient means a failure that may pass.
	Transient Outcome = "Transient"
	// Terminal means a failure that no repetition mends.
	Terminal Outcome = "Terminal"
)

// The reasons that a step carries where an observation gives none.
const (
	ReasonWaiting   = "Waiting"
	ReasonRetrying  = "Retrying"
	ReasonFailed    = "TaskFailed"
	ReasonTimeout   = "Timeout"
	ReasonCondition = "ConditionFailed"
)

// Observation is what an attempt at a task came to.
type Observation struct {
	// Step is phase/step, Task the task's name.
	Step, Task string
	Outcome    Outcome
	// Reason is a CamelCase word, Message a sentence for a person: what, which object, what next.
	Reason, Message string
	// InFlight says that an irreversible call is under way, so that the run must not be superseded.
	InFlight bool
}

// report is what one round of observations says about one step.
type report struct {
	done    []string        // tasks newly done
	calls   map[string]bool // whether a task that was seen has a call in flight
	waiting *Observation    // the first that waits
	failure *Observation    // the first failure, a terminal one before any other
}

// file sorts observations by step. What concerns no task that is left to do is dropped.
func (m *machine) file(observations []Observation) map[int]*report {
	if len(observations) == 0 {
		return nil
	}
	reports := make(map[int]*report)
	for n := range observations {
		o := &observations[n]
		i, known := m.plan.index[o.Step]
		if !known || !slices.Contains(m.plan.Steps[i].Tasks, o.Task) || slices.Contains(m.run.Steps[i].DoneTasks, o.Task) {
			continue
		}
		if reports[i] == nil {
			reports[i] = &report{calls: map[string]bool{}}
		}
		reports[i].add(o)
	}
	return reports
}

// add files one observation. An unknown outcome counts as a failure that no repetition mends.
func (r *report) add(o *Observation) {
	r.calls[o.Task] = o.InFlight && o.Outcome != Done
	switch o.Outcome {
	case Done:
		if !slices.Contains(r.done, o.Task) {
			r.done = append(r.done, o.Task)
		}
	case Waiting:
		if r.waiting == nil {
			r.waiting = o
		}
	case Transient:
		if r.failure == nil {
			r.failure = o
		}
	default:
		if r.failure == nil || r.failure.Outcome == Transient {
			r.failure = o
		}
	}
}

// inFlight returns which of a step's tasks are in flight after the report, given those before it.
func (r *report) inFlight(tasks, before []string) []string {
	var flying []string
	for _, task := range tasks {
		call, seen := r.calls[task]
		if call || !seen && slices.Contains(before, task) {
			flying = append(flying, task)
		}
	}
	return flying
}
