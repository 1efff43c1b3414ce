package plan

import (
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Action asks for one attempt at a task.
type Action struct {
	// Step is phase/step, StepIndex its place in Plan.Steps.
	Step      string
	StepIndex int
	// Task is the task's name.
	Task string
	// Observe forbids changes: the run is suspended, so only look whether the task is done.
	Observe bool
}

// Actions returns what shall be attempted now: the tasks of running steps that are not done, by
// step in plan order and then in list order. A step that waits for its next try has none.
func Actions(p *Plan, r *api.Run, in Input) []Action {
	if r.State != api.RunRunning || p.misfit(r) != "" {
		return nil
	}
	var actions []Action
	for i := range r.Steps {
		if r.Steps[i].State != api.StepRunning || !due(r, i, in) {
			continue
		}
		for _, task := range p.Steps[i].Tasks {
			if !slices.Contains(r.Steps[i].DoneTasks, task) {
				actions = append(actions, Action{Step: p.Steps[i].Name, StepIndex: i, Task: task, Observe: in.Hold})
			}
		}
	}
	return actions
}

// due says whether a running step may be tried now. At a limit it always may: that is its last try.
func due(r *api.Run, i int, in Input) bool {
	s := &r.Steps[i]
	if s.NextTry == nil || reached(s.NextTry, in.Now) {
		return true
	}
	return !in.Hold && (reached(s.Deadline, in.Now) || reached(r.Deadline, in.Now))
}

// ByStep groups actions by step, order kept. Groups may be carried out at the same time; within a
// group, Attempt keeps the order.
func ByStep(actions []Action) [][]Action {
	var groups [][]Action
	for from := 0; from < len(actions); {
		to := from + 1
		for to < len(actions) && actions[to].StepIndex == actions[from].StepIndex {
			to++
		}
		groups = append(groups, actions[from:to:to])
		from = to
	}
	return groups
}

// Attempt carries out the actions of one step in order. A task that fails holds back those after it.
func Attempt(actions []Action, do func(Action) Observation) []Observation {
	var seen []Observation
	for _, action := range actions {
		o := do(action)
		seen = append(seen, o)
		if o.Outcome == Transient || o.Outcome == Terminal {
			break
		}
	}
	return seen
}
