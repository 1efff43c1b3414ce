package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// edges lists what each step waits for.
func edges(p *Plan) map[string]string {
	all := map[string]string{}
	for _, s := range p.Steps {
		var after []string
		for _, i := range s.After {
			after = append(after, p.Steps[i].Name)
		}
		all[s.Name] = strings.Join(after, " ")
	}
	return all
}

// grid is a plan of phases x steps with the given strategies.
func grid(phases, steps int, outer, inner api.Strategy) api.Plan {
	p := api.Plan{Name: "deploy", Strategy: outer}
	for i := range phases {
		phase := api.Phase{Name: fmt.Sprintf("phase-%02d", i), Strategy: inner}
		for j := range steps {
			phase.Steps = append(phase.Steps, api.Step{Name: fmt.Sprintf("step-%02d", j), Tasks: []string{"apply"}})
		}
		p.Phases = append(p.Phases, phase)
	}
	return p
}

func TestStrategiesMakeTheEdges(t *testing.T) {
	for _, c := range []struct {
		outer, inner api.Strategy
		want         map[string]string
	}{
		{"", "", map[string]string{
			"phase-00/step-00": "", "phase-00/step-01": "phase-00/step-00",
			"phase-01/step-00": "phase-00/step-00 phase-00/step-01",
			"phase-01/step-01": "phase-00/step-00 phase-00/step-01 phase-01/step-00"}},
		{api.Serial, api.Parallel, map[string]string{
			"phase-00/step-00": "", "phase-00/step-01": "",
			"phase-01/step-00": "phase-00/step-00 phase-00/step-01",
			"phase-01/step-01": "phase-00/step-00 phase-00/step-01"}},
		{api.Parallel, api.Serial, map[string]string{
			"phase-00/step-00": "", "phase-00/step-01": "phase-00/step-00",
			"phase-01/step-00": "", "phase-01/step-01": "phase-01/step-00"}},
		{api.Parallel, api.Parallel, map[string]string{
			"phase-00/step-00": "", "phase-00/step-01": "", "phase-01/step-00": "", "phase-01/step-01": ""}},
	} {
		if diff := cmp.Diff(c.want, edges(compile(t, grid(2, 2, c.outer, c.inner)))); diff != "" {
			t.Errorf("%q of %q (-want +got):\n%s", c.outer, c.inner, diff)
		}
	}
}

func TestDependsOnMakesEdges(t *testing.T) {
	source := grid(2, 2, api.Parallel, api.Parallel)
	source.Phases[0].Steps[0].DependsOn = []string{"step-01", "phase-01/step-00", "phase-00/step-01"}
	p := compile(t, source)
	if diff := cmp.Diff("phase-00/step-01 phase-01/step-00", edges(p)["phase-00/step-00"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1, 2, 0, 3}, p.order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestCyclesAreNamed(t *testing.T) {
	source := grid(1, 4, "", api.Parallel)
	steps := source.Phases[0].Steps
	steps[0].DependsOn, steps[1].DependsOn, steps[2].DependsOn = []string{"step-01"}, []string{"step-02"}, []string{"step-03", "step-00"}
	_, problems := Compile(kindOf(source), "deploy")
	want := "phases[0].steps[2].dependsOn[1]: these steps wait for each other: " +
		"phase-00/step-02 -> phase-00/step-00 -> phase-00/step-01 -> phase-00/step-02 " +
		"(a step of a serial phase or plan waits for those before it anyway)"
	if got := problems.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDefaultsAreFilledIn(t *testing.T) {
	p := compile(t, rollout())
	server, drain := p.Steps[3], p.Steps[2]
	if p.Timeout != time.Hour || !p.Interruptible || p.Steps[0].Timeout != api.DefaultStepTimeout {
		t.Errorf("plan: %+v", p)
	}
	if want := (Retry{Backoff: api.DefaultBackoff, MaxBackoff: api.DefaultMaxBackoff}); server.Retry != want {
		t.Errorf("retry: %+v, want %+v", server.Retry, want)
	}
	if want := (Retry{Limit: 2, Backoff: 5 * time.Second, MaxBackoff: api.DefaultMaxBackoff}); drain.Retry != want {
		t.Errorf("retry: %+v, want %+v", drain.Retry, want)
	}
	slow := rollout()
	slow.Phases[0].Steps[0].Retry = &api.Retry{Backoff: duration(time.Hour)}
	if got := compile(t, slow).Steps[0].Retry.MaxBackoff; got != time.Hour {
		t.Errorf("a first wait of an hour has the longest wait %s", got)
	}
}

func TestLimitsOfSize(t *testing.T) {
	if _, problems := Compile(kindOf(grid(20, 20, "", "")), "deploy"); len(problems) > 0 {
		t.Errorf("20 phases of 20 steps: %v", problems)
	}
	wide := grid(1, 1, "", "")
	wide.Phases[0].Steps[0].Tasks = nil
	for i := range MaxTasks + 1 {
		wide.Phases[0].Steps[0].Tasks = append(wide.Phases[0].Steps[0].Tasks, fmt.Sprint("t", i))
	}
	for want, source := range map[string]api.Plan{
		"phases: the plan has 420 steps; at most 400 fit into a status":                                                 grid(21, 20, "", ""),
		`phases[0].steps[0].tasks: step "phase-00/step-00" has 51 tasks, more than 50 (spread them over several steps)`: wide,
	} {
		if _, problems := Compile(kindOf(source), "deploy"); problems.Error() != want {
			t.Errorf("got %v, want %s", problems, want)
		}
	}
}

func TestWaitsDoubleUpToTheLongest(t *testing.T) {
	r := Retry{Backoff: time.Second, MaxBackoff: 10 * time.Second}
	for n, want := range map[int32]time.Duration{1: 1, 2: 2, 3: 4, 4: 8, 5: 10, 6: 10, 1 << 30: 10} {
		if got := r.wait(n); got != want*time.Second {
			t.Errorf("wait(%d) = %s, want %s", n, got, want*time.Second)
		}
	}
	if got := (Retry{Backoff: 1, MaxBackoff: 1<<63 - 1}).wait(1 << 30); got != 1<<63-1 {
		t.Errorf("the longest of all waits became %s", got)
	}
}

func TestFailedRunsRestLongerEachTime(t *testing.T) {
	failed := time.Unix(1000, 0)
	p := &Plan{Retry: &Retry{Limit: 3, Backoff: time.Minute, MaxBackoff: 3 * time.Minute}}
	for n, want := range map[int32]time.Duration{1: time.Minute, 2: 2 * time.Minute, 3: 3 * time.Minute} {
		if at, ok := p.RetryAt(n, failed); !ok || at.Sub(failed) != want {
			t.Errorf("failure %d: after %v (%v), want after %v", n, at.Sub(failed), ok, want)
		}
	}
	if _, ok := p.RetryAt(4, failed); ok {
		t.Error("a run is started anew beyond the limit")
	}
	if _, ok := (&Plan{}).RetryAt(1, failed); ok {
		t.Error("a plan without retry is started anew")
	}
}
