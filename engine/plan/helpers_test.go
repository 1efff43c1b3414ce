package plan

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

var update = flag.Bool("update", false, "write golden files")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read golden file (write it with -update): %v", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func duration(d time.Duration) metav1.Duration { return metav1.Duration{Duration: d} }

// kindOf makes a kind of one plan, whose tasks are all those that steps name.
func kindOf(p api.Plan) *api.Kind {
	k := &api.Kind{Plans: []api.Plan{p}}
	for _, phase := range p.Phases {
		for _, step := range phase.Steps {
			for _, task := range step.Tasks {
				if k.Task(task) == nil {
					k.Tasks = append(k.Tasks, api.Task{Name: task})
				}
			}
		}
	}
	return k
}

func compile(t testing.TB, p api.Plan) *Plan {
	t.Helper()
	compiled, problems := Compile(kindOf(p), p.Name)
	if len(problems) > 0 {
		t.Fatalf("compile: %v", problems)
	}
	return compiled
}

// rollout is a plan with one of everything.
func rollout() api.Plan {
	return api.Plan{Name: "upgrade", Timeout: duration(time.Hour), Phases: []api.Phase{
		{Name: "protect", Steps: []api.Step{
			{Name: "path", Tasks: []string{"check-path"}},
			{Name: "backup", Tasks: []string{"backup"}, When: "spec.backup"},
			{Name: "drain", Tasks: []string{"drain"}, Retry: &api.Retry{Limit: 2, Backoff: duration(5 * time.Second)}},
		}},
		{Name: "roll", Steps: []api.Step{{Name: "server", Tasks: []string{"config", "server"}, Timeout: duration(10 * time.Minute)}}},
		{Name: "verify", Strategy: api.Parallel, Steps: []api.Step{
			{Name: "shares", Tasks: []string{"shares"}},
			{Name: "adapters", Tasks: []string{"adapters"}},
			{Name: "report", Tasks: []string{"report"}, OnFailure: "continue", DependsOn: []string{"shares", "roll/server"}},
		}},
	}}
}

// scene walks a plan and keeps a transcript.
type scene struct {
	*testing.T
	plan *Plan
	run  api.Run
	in   Input
	text strings.Builder
}

func newScene(t *testing.T, p api.Plan) *scene {
	s := &scene{T: t, plan: compile(t, p), in: Input{Now: noon, Vars: expr.Vars{
		"spec": map[string]any{"backup": false}, "old": nil, "outputs": map[string]any{}, "plan": p.Name,
	}}}
	s.run = Start(s.plan, StartInput{UID: "7c1e", Revision: 13, FromRevision: 12, Reason: "spec.version changed", Now: noon})
	return s
}

// pass moves the clock and makes one pass: every action is answered with what the map says of its
// task; a task it does not name is done.
func (s *scene) pass(d time.Duration, answers map[string]Observation) {
	s.in.Now = s.in.Now.Add(d)
	asked := map[string]bool{}
	var attempted []string
	s.run = Advance(s.plan, s.run, nil, s.in)
	for {
		observations := s.attempt(answers, asked, &attempted)
		if len(observations) == 0 {
			break
		}
		s.run = Advance(s.plan, s.run, observations, s.in)
	}
	s.write(attempted)
}

// attempt answers the actions that were not asked in this pass.
func (s *scene) attempt(answers map[string]Observation, asked map[string]bool, attempted *[]string) []Observation {
	var all []Observation
	for _, group := range ByStep(Actions(s.plan, &s.run, s.in)) {
		all = append(all, Attempt(fresh(group, asked), func(a Action) Observation {
			asked[a.Step+":"+a.Task] = true
			*attempted = append(*attempted, a.Task)
			return answer(answers, a)
		})...)
	}
	return all
}

// fresh leaves out the actions that were asked before in this pass.
func fresh(actions []Action, asked map[string]bool) []Action {
	var left []Action
	for _, a := range actions {
		if !asked[a.Step+":"+a.Task] {
			left = append(left, a)
		}
	}
	return left
}

func answer(answers map[string]Observation, a Action) Observation {
	o, known := answers[a.Task]
	if !known {
		o.Outcome = Done
	}
	o.Step, o.Task = a.Step, a.Task
	return o
}

// write adds the record to the transcript.
func (s *scene) write(attempted []string) {
	clock := func(t *metav1.Time) string {
		if t == nil {
			return ""
		}
		return t.Format("15:04:05")
	}
	fmt.Fprintf(&s.text, "%s attempted %v\n", s.in.Now.Format("15:04:05"), attempted)
	r := &s.run
	fmt.Fprintf(&s.text, "  %s %s step=%q %s\n", r.State, r.Progress, r.Step, r.Message)
	for _, st := range r.Steps {
		if st.State == api.StepPending {
			continue
		}
		fmt.Fprintf(&s.text, "    %-16s %-8s %s-%s", st.Name, st.State, clock(st.StartedAt), clock(st.FinishedAt))
		for _, more := range []string{prefix("reason=", st.Reason), prefix("since=", clock(st.Since)), prefix("retries=", nonzero(st.Retries)),
			prefix("next=", clock(st.NextTry)), prefix("deadline=", clock(st.Deadline)), prefix("done=", strings.Join(st.DoneTasks, ",")),
			prefix("inFlight=", strings.Join(st.InFlight, ",")), st.Message} {
			if more != "" {
				s.text.WriteString(" " + more)
			}
		}
		s.text.WriteString("\n")
	}
	if at, ok := Wake(s.plan, r, s.in); ok {
		fmt.Fprintf(&s.text, "  wake %s\n", at.Format("15:04:05"))
	}
}

func prefix(name, value string) string {
	if value == "" {
		return ""
	}
	return name + value
}

func nonzero(n int32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// states lists the states of a run's steps.
func states(r api.Run) []api.StepState {
	var all []api.StepState
	for _, s := range r.Steps {
		all = append(all, s.State)
	}
	return all
}
