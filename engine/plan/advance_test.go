package plan

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// parallel makes a plan of one parallel phase whose steps have the tasks a and b.
func parallel(names ...string) api.Plan {
	phase := api.Phase{Name: "p", Strategy: api.Parallel}
	for _, name := range names {
		phase.Steps = append(phase.Steps, api.Step{Name: name, Tasks: []string{"a", "b"}})
	}
	return api.Plan{Name: "deploy", Phases: []api.Phase{phase}}
}

// begun compiles a plan and starts a run whose first steps run.
func begun(t *testing.T, source api.Plan) (*Plan, api.Run, Input) {
	t.Helper()
	p, in := compile(t, source), Input{Now: noon}
	return p, Advance(p, Start(p, StartInput{UID: "7c1e", Now: noon}), nil, in), in
}

func seen(step, task string, outcome Outcome) Observation {
	return Observation{Step: "p/" + step, Task: task, Outcome: outcome, Reason: "Because", Message: "of that"}
}

func wantStates(t *testing.T, r api.Run, want ...api.StepState) {
	t.Helper()
	if diff := cmp.Diff(want, states(r)); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestStart(t *testing.T) {
	p := compile(t, rollout())
	got := Start(p, StartInput{UID: "7c1e", Revision: 13, FromRevision: 12, Generation: 4, Reason: "spec.image changed", Now: noon.Add(time.Nanosecond)})
	begun, deadline := metav1.NewTime(noon.Add(time.Second)), metav1.NewTime(noon.Add(time.Hour+time.Second))
	want := api.Run{Name: "upgrade", UID: "7c1e", Revision: 13, FromRevision: 12, Generation: 4, Reason: "spec.image changed",
		State: api.RunRunning, Progress: "0/7", StartedAt: begun, Deadline: &deadline, Steps: got.Steps}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Steps) != 7 || slices.ContainsFunc(got.Steps, func(s api.StepStatus) bool { return s.State != api.StepPending }) {
		t.Errorf("steps: %+v", got.Steps)
	}
}

func TestCompleteWinsOverSuperseded(t *testing.T) {
	p, r, in := begun(t, parallel("x"))
	in.Supersede = true
	r = Advance(p, r, []Observation{seen("x", "a", Done), seen("x", "b", Done)}, in)
	if r.State != api.RunComplete {
		t.Errorf("%s: %s", r.State, r.Message)
	}
}

func TestFailureEndsTheRunAtOnce(t *testing.T) {
	source := parallel("x", "y", "z")
	source.Phases[0].Steps[2].DependsOn = []string{"y"}
	p, r, in := begun(t, source)
	r = Advance(p, r, []Observation{seen("x", "a", Terminal), seen("y", "a", Done), seen("y", "b", Done)}, in)
	wantStates(t, r, api.StepFailed, api.StepComplete, api.StepPending)
	if r.State != api.RunFailed || r.Step != "p/x" {
		t.Errorf("%s at %s", r.State, r.Step)
	}
}

func TestFailedConditionStartsNothingElse(t *testing.T) {
	source := parallel("x", "y")
	source.Phases[0].Steps[0].When = "spec.unset"
	p := compile(t, source)
	r := Advance(p, Start(p, StartInput{Now: noon}), nil, Input{Now: noon, Vars: map[string]any{"spec": map[string]any{}}})
	wantStates(t, r, api.StepFailed, api.StepPending)
}

func TestOptionalStepLetsItsDependantsGoOn(t *testing.T) {
	source := parallel("x", "y")
	source.Phases[0].Steps[0].OnFailure = "continue"
	source.Phases[0].Steps[1].DependsOn = []string{"x"}
	p, r, in := begun(t, source)
	wantStates(t, r, api.StepRunning, api.StepPending)
	wantStates(t, Advance(p, r, []Observation{seen("x", "a", Terminal)}, in), api.StepFailed, api.StepRunning)
}

func TestNoStepBeginsAfterThePlansLimit(t *testing.T) {
	source := parallel("x", "y", "z")
	source.Timeout = duration(time.Minute)
	source.Phases[0].Steps[2].DependsOn = []string{"x"}
	p, r, in := begun(t, source)
	in.Now = noon.Add(time.Minute)
	r = Advance(p, r, []Observation{seen("x", "a", Done), seen("x", "b", Done)}, in)
	wantStates(t, r, api.StepComplete, api.StepRunning, api.StepPending)
	r = Advance(p, r, []Observation{seen("y", "a", Waiting)}, in)
	wantStates(t, r, api.StepComplete, api.StepFailed, api.StepPending)
	if want := "the plan's 1m0s are over at step p/y: of that"; r.Message != want || r.Steps[1].Reason != "Because" {
		t.Errorf("%s, want %s; reason %s", r.Message, want, r.Steps[1].Reason)
	}
}

func TestSupersedeWaitsForTheCallAndStartsNothing(t *testing.T) {
	source := parallel("x", "y", "z")
	source.Phases[0].Steps[2].DependsOn = []string{"y"}
	p, r, in := begun(t, source)
	call := seen("x", "a", Waiting)
	call.InFlight = true
	r = Advance(p, r, []Observation{call}, in)
	in.Supersede = true
	r = Advance(p, r, []Observation{seen("x", "b", Waiting), seen("y", "a", Done), seen("y", "b", Done)}, in)
	wantStates(t, r, api.StepRunning, api.StepComplete, api.StepPending)
	if diff := cmp.Diff([]string{"a"}, r.Steps[0].InFlight); diff != "" || r.State != api.RunRunning {
		t.Errorf("%s, in flight %s", r.State, diff)
	}
	r = Advance(p, r, []Observation{seen("x", "a", Waiting)}, in)
	if r.State != api.RunSuperseded || r.Step != "p/x" {
		t.Errorf("%s at %s", r.State, r.Step)
	}
}

func TestOnlyDueTriesCount(t *testing.T) {
	p, r, in := begun(t, parallel("x"))
	r = Advance(p, r, []Observation{seen("x", "a", Transient)}, in)
	if got := Actions(p, &r, in); got != nil {
		t.Errorf("actions before the next try: %v", got)
	}
	again := Advance(p, r, []Observation{seen("x", "a", Transient)}, in)
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("a try that was not due counts:\n%s", diff)
	}
	in.Now = noon.Add(time.Second)
	if got := Actions(p, &r, in); len(got) != 2 {
		t.Errorf("actions at the next try: %v", got)
	}
	if got := Advance(p, r, []Observation{seen("x", "a", Transient)}, in).Steps[0].Retries; got != 2 {
		t.Errorf("%d retries, want 2", got)
	}
}

func TestHeldStepsHaveNoLimit(t *testing.T) {
	p, r, in := begun(t, parallel("x"))
	r.Steps[0].Retries = 20
	r = Advance(p, r, []Observation{seen("x", "a", Transient)}, in)
	in.Hold, in.Now = true, noon.Add(59*time.Second)
	r = Advance(p, r, nil, in)
	in.Now = noon.Add(-time.Minute)
	r.Steps[0].Deadline = &metav1.Time{Time: noon.Add(-2 * time.Minute)}
	if got := Actions(p, &r, in); got != nil {
		t.Errorf("a held step is tried at its deadline: %v", got)
	}
	if at, _ := Wake(p, &r, in); !at.Equal(r.Steps[0].NextTry.Time) {
		t.Errorf("wakes at %s, want the next try at %s", at, r.Steps[0].NextTry)
	}
}

func TestTerminalCountsBeforeTransient(t *testing.T) {
	p, r, in := begun(t, parallel("x"))
	r = Advance(p, r, []Observation{seen("x", "a", Transient), seen("x", "b", Terminal)}, in)
	wantStates(t, r, api.StepFailed)
}

func TestObservationsOfOtherTasksAreDropped(t *testing.T) {
	p, r, in := begun(t, parallel("x"))
	got := Advance(p, r, []Observation{seen("x", "c", Terminal), seen("y", "a", Terminal)}, in)
	if diff := cmp.Diff(r, got); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestStepWithAllTasksDoneNeedsNoLook(t *testing.T) {
	p, r, in := begun(t, parallel("x"))
	r.Steps[0].DoneTasks = []string{"a", "b"}
	wantStates(t, Advance(p, r, nil, in), api.StepComplete)
}

func TestRecordsShareNoMemory(t *testing.T) {
	p, r, in := begun(t, api.Plan{Name: "deploy", Phases: []api.Phase{{Name: "p", Steps: []api.Step{{Name: "x", Tasks: []string{"a", "b", "c"}}}}}})
	r.Steps[0].DoneTasks = append(make([]string, 0, 4), "a")
	one := Advance(p, r, []Observation{seen("x", "b", Done)}, in)
	two := Advance(p, r, []Observation{seen("x", "c", Done)}, in)
	if diff := cmp.Diff([][]string{{"a", "b"}, {"a", "c"}}, [][]string{one.Steps[0].DoneTasks, two.Steps[0].DoneTasks}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRunFromTheFutureBeganNow(t *testing.T) {
	p, r, in := begun(t, parallel("x"))
	in.Now = noon.Add(-time.Hour)
	if got := Advance(p, r, nil, in).StartedAt; !got.Time.Equal(in.Now) {
		t.Errorf("began at %s, want %s", got, in.Now)
	}
}

func TestWakeIsTheEarliestLimit(t *testing.T) {
	source := parallel("x", "y")
	source.Phases[0].Steps[1].Timeout = duration(3 * time.Minute)
	p, r, in := begun(t, source)
	if at, ok := Wake(p, &r, in); !ok || !at.Equal(noon.Add(3*time.Minute)) {
		t.Errorf("%s, want the shorter timeout", at)
	}
	in.Now = noon.Add(time.Hour)
	if at, ok := Wake(p, &r, in); !ok || !at.Equal(in.Now) {
		t.Errorf("%s, want now, because a limit has passed", at)
	}
	source.Timeout = duration(time.Minute)
	p, r, in = begun(t, source)
	if at, ok := Wake(p, &r, in); !ok || !at.Equal(noon.Add(time.Minute)) {
		t.Errorf("%s, want the plan's limit", at)
	}
}

func TestAttemptStopsAtAFailure(t *testing.T) {
	outcomes := map[string]Outcome{"a": Waiting, "b": Done, "c": Transient, "d": Done}
	var actions []Action
	for _, task := range []string{"a", "b", "c", "d"} {
		actions = append(actions, Action{Step: "p/x", Task: task})
	}
	var got []string
	for _, o := range Attempt(actions, func(a Action) Observation { return Observation{Task: a.Task, Outcome: outcomes[a.Task]} }) {
		got = append(got, o.Task)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestByStepKeepsOrder(t *testing.T) {
	p, r, in := begun(t, parallel("x", "y"))
	groups := ByStep(Actions(p, &r, in))
	want := [][]Action{
		{{Step: "p/x", StepIndex: 0, Task: "a"}, {Step: "p/x", StepIndex: 0, Task: "b"}},
		{{Step: "p/y", StepIndex: 1, Task: "a"}, {Step: "p/y", StepIndex: 1, Task: "b"}},
	}
	if diff := cmp.Diff(want, groups); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
