package api

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// RunState is the state of a run.
type RunState string

// The states of a run. All but RunRunning are terminal: they never change again.
const (
	RunRunning    RunState = "Running"
	RunComplete   RunState = "Complete"
	RunFailed     RunState = "Failed"
	RunSuperseded RunState = "Superseded"
)

// Terminal says whether a run in this state is over.
func (s RunState) Terminal() bool { return s != RunRunning && s != "" }

// StepState is the state of a step in a run.
type StepState string

// The states of a step. Complete, Failed and Skipped are final within a run.
const (
	StepPending  StepState = "Pending"
	StepRunning  StepState = "Running"
	StepComplete StepState = "Complete"
	StepFailed   StepState = "Failed"
	StepSkipped  StepState = "Skipped"
)

// Final says whether a step in this state never changes again within its run.
func (s StepState) Final() bool {
	return s == StepComplete || s == StepFailed || s == StepSkipped
}

// Run is the record of one run of a plan. It is the whole memory of the plan machine, and it is
// what users see at status.plan.
type Run struct {
	// Name is the plan's name.
	Name string `json:"name"`
	// UID identifies the run.
	UID string `json:"uid"`
	// Revision is the revision that the run carries out.
	Revision int64 `json:"revision"`
	// FromRevision is the revision that was carried out before; 0 for the first.
	FromRevision int64 `json:"fromRevision,omitempty"`
	// Generation is the metadata.generation that the revision was frozen from.
	Generation int64 `json:"generation,omitempty"`
	// Reason says why the run was started, such as "spec.image changed".
	Reason string   `json:"reason,omitempty"`
	State  RunState `json:"state"`
	// Step is the step that the run is at, as phase/step.
	Step string `json:"step,omitempty"`
	// Progress is finished/all steps, such as 5/9.
	Progress string `json:"progress,omitempty"`
	// Message says what the run waits for or how it ended.
	Message    string       `json:"message,omitempty"`
	StartedAt  metav1.Time  `json:"startedAt"`
	FinishedAt *metav1.Time `json:"finishedAt,omitempty"`
	// Deadline is when a running run is given up; time spent suspended is added to it.
	Deadline *metav1.Time `json:"deadline,omitempty"`
	// HeldAt is when the run was suspended; no limit passes until it goes on.
	HeldAt *metav1.Time `json:"heldAt,omitempty"`
	// Steps holds one line a step, in plan order.
	Steps []StepStatus `json:"steps,omitempty"`
	// Phases stands in for the lines of steps about which there is nothing to say but their state.
	// It exists in JSON only, and only of a run with more than FullSteps steps.
	Phases []PhaseSummary `json:"phases,omitempty"`
}

// StepStatus is the record of one step.
type StepStatus struct {
	// Name is phase/step.
	Name  string    `json:"name"`
	State StepState `json:"state"`
	// StartedAt is when the step began, FinishedAt when it reached a final state.
	StartedAt  *metav1.Time `json:"startedAt,omitempty"`
	FinishedAt *metav1.Time `json:"finishedAt,omitempty"`
	// Reason is a CamelCase word for what the step waits for or why it failed.
	Reason string `json:"reason,omitempty"`
	// Message says it in a sentence.
	Message string `json:"message,omitempty"`
	// Since is when the present reason began to hold.
	Since *metav1.Time `json:"since,omitempty"`
	// Retries counts the failed tries so far.
	Retries int32 `json:"retries,omitempty"`
	// NextTry is when the next try is due after a failed one.
	NextTry *metav1.Time `json:"nextTry,omitempty"`
	// Deadline is when a running step is given up; time spent suspended is added to it.
	Deadline *metav1.Time `json:"deadline,omitempty"`
	// InFlight are the tasks of which an irreversible call is under way.
	InFlight []string `json:"inFlight,omitempty"`
	// DoneTasks are the tasks of a running step that are done; dropped when the step is final.
	DoneTasks []string `json:"doneTasks,omitempty"`
}

// StepStatus returns the record of the step named phase/step, or nil.
func (r *Run) StepStatus(name string) *StepStatus {
	for i := range r.Steps {
		if r.Steps[i].Name == name {
			return &r.Steps[i]
		}
	}
	return nil
}

// Summary is what stays of a finished run in status.history.
type Summary struct {
	Name       string       `json:"name"`
	UID        string       `json:"uid"`
	Revision   int64        `json:"revision"`
	Reason     string       `json:"reason,omitempty"`
	State      RunState     `json:"state"`
	Progress   string       `json:"progress,omitempty"`
	Message    string       `json:"message,omitempty"`
	StartedAt  metav1.Time  `json:"startedAt"`
	FinishedAt *metav1.Time `json:"finishedAt,omitempty"`
}

// Summary shortens the run to what the history keeps.
func (r *Run) Summary() Summary {
	return Summary{Name: r.Name, UID: r.UID, Revision: r.Revision, Reason: r.Reason, State: r.State, Progress: r.Progress, Message: r.Message, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt}
}
