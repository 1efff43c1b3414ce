package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

var noon = metav1.NewTime(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC))

// longRun has a step of each state in each of n phases.
func longRun(phases int) Run {
	run := Run{Name: "deploy", UID: "7c1e", State: RunRunning, StartedAt: noon}
	for i := range phases {
		phase := fmt.Sprintf("phase-%d/", i)
		run.Steps = append(run.Steps,
			StepStatus{Name: phase + "a", State: StepComplete, StartedAt: &noon, FinishedAt: &noon},
			StepStatus{Name: phase + "b", State: StepRunning, StartedAt: &noon, Deadline: &noon, Reason: "Waiting", DoneTasks: []string{"x"}},
			StepStatus{Name: phase + "c", State: StepSkipped, FinishedAt: &noon},
			StepStatus{Name: phase + "d", State: StepFailed, StartedAt: &noon, FinishedAt: &noon, Reason: "Denied", Message: "no"},
			StepStatus{Name: phase + "e", State: StepPending})
	}
	return run
}

func decode(t *testing.T, data []byte) Run {
	t.Helper()
	var run Run
	if err := json.Unmarshal(data, &run); err != nil {
		t.Fatalf("decode %s: %v", data, err)
	}
	return run
}

func TestShortRunKeepsALineForEachStep(t *testing.T) {
	run := longRun(FullSteps / 5)
	data, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), `"phases"`) {
		t.Errorf("a run of %d steps is summarized: %s", len(run.Steps), data)
	}
	if diff := cmp.Diff(run, decode(t, data)); diff != "" {
		t.Errorf("the record changed (-before +after):\n%s", diff)
	}
}

func TestLongRunKeepsAllButTheTimesOfToldSteps(t *testing.T) {
	run := longRun(FullSteps/5 + 1)
	data, err := json.Marshal(&run)
	if err != nil {
		t.Fatal(err)
	}
	if want := `"phases":[{"name":"phase-0","steps":["a","b","c","d","e"],"states":"CRSFP"},`; !strings.Contains(string(data), want) {
		t.Errorf("no %s in %s", want, data)
	}
	want := longRun(FullSteps/5 + 1)
	for i := range want.Steps {
		if want.Steps[i].State.told() {
			want.Steps[i] = StepStatus{Name: want.Steps[i].Name, State: want.Steps[i].State}
		}
	}
	if diff := cmp.Diff(want, decode(t, data)); diff != "" {
		t.Errorf("the record changed (-want +got):\n%s", diff)
	}
}

func TestLongRunThroughUnstructured(t *testing.T) {
	run := longRun(20)
	status := Status{Plan: &run}
	object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&status)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(object["plan"].(map[string]any)["phases"].([]any)); n != 20 {
		t.Errorf("%d phases, want 20", n)
	}
	var back Status
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object, &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Plan.Steps) != 100 || back.Plan.Steps[98].Message != "no" {
		t.Errorf("the steps did not come back: %+v", back.Plan.Steps)
	}
}

func TestDamagedSummaryYieldsStepsWithoutState(t *testing.T) {
	run := decode(t, []byte(`{"name":"x","phases":[{"name":"p","steps":["a","b","c"],"states":"CZ"}],"steps":[{"name":"p/z","state":"Failed"}]}`))
	want := []StepStatus{{Name: "p/a", State: StepComplete}, {Name: "p/b"}, {Name: "p/c"}}
	if diff := cmp.Diff(want, run.Steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestNamesWithoutPhaseAndUnknownStatesStay(t *testing.T) {
	run := Run{Name: "x"}
	for i := range FullSteps {
		run.Steps = append(run.Steps, StepStatus{Name: fmt.Sprint("s", i), State: StepPending})
	}
	run.Steps = append(run.Steps, StepStatus{Name: "p/odd", State: "Sleeping"})
	data, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(run, decode(t, data)); diff != "" {
		t.Errorf("the record changed (-before +after):\n%s", diff)
	}
}
