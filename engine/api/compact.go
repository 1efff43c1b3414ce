package api

import (
	"encoding/json"
	"strings"
)

// FullSteps is the greatest number of steps of which each has a line of its own in JSON. The JSON
// of a longer run names steps that are pending, complete or skipped in Phases, by a letter each,
// and leaves out when they started and finished, so that 20 phases of 20 steps fit into a status.
const FullSteps = 50

// PhaseSummary tells the states of a phase's steps by letters.
type PhaseSummary struct {
	// Name is the phase.
	Name string `json:"name"`
	// Steps are the names of the steps, without the phase.
	Steps []string `json:"steps"`
	// States holds one letter a step: P pending, R running, C complete, F failed, S skipped.
	// Steps that are running or failed have their line in the run's steps as well.
	States string `json:"states"`
}

// plainRun is Run without its own JSON methods.
type plainRun Run

// MarshalJSON writes one line a step, or the summary of phases where there are too many.
func (r Run) MarshalJSON() ([]byte, error) {
	if len(r.Steps) > FullSteps {
		r.Phases, r.Steps = summarize(r.Steps)
	}
	return json.Marshal(plainRun(r))
}

// UnmarshalJSON reads what MarshalJSON wrote: afterwards each step has its line again.
func (r *Run) UnmarshalJSON(data []byte) error {
	var plain plainRun
	if err := json.Unmarshal(data, &plain); err != nil {
		return err
	}
	if len(plain.Phases) > 0 {
		plain.Steps, plain.Phases = expand(plain.Phases, plain.Steps), nil
	}
	*r = Run(plain)
	return nil
}

// summarize splits lines into what letters can tell and the lines that say more.
func summarize(steps []StepStatus) ([]PhaseSummary, []StepStatus) {
	var phases []PhaseSummary
	var lines []StepStatus
	for i := range steps {
		phase, step := splitStep(steps[i].Name)
		if n := len(phases); n == 0 || phases[n-1].Name != phase {
			phases = append(phases, PhaseSummary{Name: phase})
		}
		last := &phases[len(phases)-1]
		last.Steps = append(last.Steps, step)
		last.States += steps[i].State.letter()
		if !steps[i].State.told() {
			lines = append(lines, steps[i])
		}
	}
	return phases, lines
}

// expand puts the lines back between the steps that letters told. A step without a letter or line
// gets no state, which no plan accepts.
func expand(phases []PhaseSummary, lines []StepStatus) []StepStatus {
	var steps []StepStatus
	for _, phase := range phases {
		for i, name := range phase.Steps {
			step := StepStatus{Name: joinStep(phase.Name, name)}
			if len(lines) > 0 && lines[0].Name == step.Name {
				step, lines = lines[0], lines[1:]
			} else if i < len(phase.States) {
				step.State = stateOf(phase.States[i])
			}
			steps = append(steps, step)
		}
	}
	return steps
}

// told says whether the letter alone tells all that matters of a step.
func (s StepState) told() bool {
	return s == StepPending || s == StepComplete || s == StepSkipped
}

// letter is the first letter of the state, or "?" of one that does not exist.
func (s StepState) letter() string {
	if s == "" || stateOf(s[0]) != s {
		return "?"
	}
	return string(s[:1])
}

// stateOf returns the state that a letter stands for, or none.
func stateOf(letter byte) StepState {
	for _, s := range []StepState{StepPending, StepRunning, StepComplete, StepFailed, StepSkipped} {
		if s[0] == letter {
			return s
		}
	}
	return ""
}

// splitStep splits phase/step.
func splitStep(name string) (phase, step string) {
	if phase, step, found := strings.Cut(name, "/"); found {
		return phase, step
	}
	return "", name
}

// joinStep undoes splitStep.
func joinStep(phase, step string) string {
	if phase == "" {
		return step
	}
	return phase + "/" + step
}
