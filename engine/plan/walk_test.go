package plan

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

// TestMain makes 2000 walks unless told otherwise; 100000 are made by
//
//	go test ./engine/plan -run TestWalks -rapid.checks=100000
//
// A walk that fails prints its seed.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": "2000", "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	flag.Parse()
	os.Exit(m.Run())
}

func TestWalks(t *testing.T) { rapid.Check(t, walkToTheEnd) }

// pick draws one of a few values.
func pick[T any](t *rapid.T, label string, from ...T) T {
	return from[rapid.IntRange(0, len(from)-1).Draw(t, label)]
}

// somePlan draws a plan: strategies, conditions, limits, retries, and dependencies on earlier steps
// or, where strategies allow it, on later ones.
func somePlan(t *rapid.T) api.Plan {
	p := api.Plan{Name: "deploy", Strategy: pick(t, "strategy", "", api.Serial, api.Parallel), Timeout: duration(pick(t, "planTimeout", 0, 90*time.Second, time.Hour))}
	if rapid.Bool().Draw(t, "uninterruptible") {
		p.Interruptible = new(bool)
	}
	var earlier []string
	for i := range rapid.IntRange(1, 3).Draw(t, "phases") {
		phase := api.Phase{Name: fmt.Sprint("p", i), Strategy: pick(t, "strategy", "", api.Serial, api.Parallel)}
		for j := range rapid.IntRange(1, 4).Draw(t, "steps") {
			step := someStep(t, fmt.Sprint("s", j))
			if len(earlier) > 0 && rapid.IntRange(0, 3).Draw(t, "depends") == 0 {
				step.DependsOn = []string{pick(t, "on", earlier...)}
			}
			phase.Steps = append(phase.Steps, step)
			earlier = append(earlier, phase.Name+"/"+step.Name)
		}
		if phase.Strategy == api.Parallel && rapid.Bool().Draw(t, "reverse") {
			slices.Reverse(phase.Steps)
		}
		p.Phases = append(p.Phases, phase)
	}
	return p
}

// someStep draws a step without dependencies. One number decides, so that drawing stays cheap.
func someStep(t *rapid.T, name string) api.Step {
	s := api.Step{Name: name, Tasks: []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "tasks")]}
	n := rapid.IntRange(0, 71).Draw(t, "kind")
	s.Timeout = duration([]time.Duration{0, time.Second, 90 * time.Second}[n%3])
	s.When = []string{"", "", "", "spec.on", "!spec.on", "plan == 'deploy'"}[n/3%6]
	s.OnFailure = []string{"", "stop", "continue", "continue"}[n/18]
	if n%4 == 1 {
		s.Retry = &api.Retry{Limit: int32(n % 3), Backoff: duration(time.Duration(n%5) * 700 * time.Millisecond)}
	}
	return s
}

// walker walks a run and checks every step of the walk.
type walker struct {
	*rapid.T
	source api.Plan
	plan   *Plan
	run    api.Run
	in     Input
	passes int
	done   map[string]bool // tasks that were done, as step:task
}

func newWalker(t *rapid.T) *walker {
	w := &walker{T: t, source: somePlan(t), done: map[string]bool{}}
	compiled, problems := Compile(kindOf(w.source), w.source.Name)
	if len(problems) > 0 {
		t.Fatalf("compile: %v", problems)
	}
	w.plan = compiled
	w.in = Input{Now: noon.Add(300 * time.Millisecond), Vars: expr.Vars{
		"spec": map[string]any{"on": rapid.Bool().Draw(t, "on")}, "old": nil, "outputs": nil, "plan": w.source.Name}}
	w.run = Start(compiled, StartInput{UID: "7c1e", Now: w.in.Now})
	return w
}

// walkToTheEnd walks wildly for a while, and then to the one end or the other.
func walkToTheEnd(t *rapid.T) {
	w := newWalker(t)
	outcomes := []Outcome{Done, Done, Done, Waiting, Waiting, Transient, Transient, Waiting, Done, Terminal, "Unheard-of"}
	outcomes = outcomes[:rapid.IntRange(3, len(outcomes)).Draw(t, "outcomes")]
	for range rapid.IntRange(0, 8).Draw(t, "passes") {
		n := rapid.IntRange(0, 63).Draw(t, "input")
		w.in.Hold, w.in.Supersede = n%8 == 1, n/8 == 1
		w.in.Now = w.in.Now.Add(pick(t, "clock", 0, time.Second, 1500*time.Millisecond, 30*time.Second, 100*time.Second, time.Hour, -time.Hour))
		if n%5 == 1 {
			w.advance(stray(&w.run))
		}
		w.pass(func(Action) Observation {
			n := rapid.IntRange(0, 4*len(outcomes)-1).Draw(t, "outcome")
			return Observation{Outcome: outcomes[n/4], InFlight: n%4 == 1, Reason: []string{"", "Pulling"}[n/2%2], Message: long[:n*8]}
		})
	}
	w.in.Hold, w.in.Supersede = false, false
	if rapid.Bool().Draw(t, "happy") {
		w.finishHappily()
	} else {
		w.waitInVain()
	}
}

// stray makes observations that nothing asked for: of steps that do not exist or do not run.
func stray(r *api.Run) []Observation {
	all := []Observation{{Step: "p9/s9", Task: "a", Outcome: Terminal}}
	for _, s := range r.Steps {
		if s.State != api.StepRunning {
			all = append(all, Observation{Step: s.Name, Task: "a", Outcome: Done}, Observation{Step: s.Name, Task: "b", Outcome: Terminal})
		}
		all = append(all, Observation{Step: s.Name, Task: "unheard-of", Outcome: Terminal})
	}
	return all
}

// long is a text of more than one byte a character, longer than a message may be.
var long = func() string {
	var b []byte
	for len(b) < 400 {
		b = append(b, "zögern "...)
	}
	return string(b)
}()

// finishHappily lets everything get done: the run must be Complete, unless it had ended or its time
// had run out before.
func (w *walker) finishHappily() {
	ended := w.run.State.Terminal()
	late := reached(w.run.Deadline, w.in.Now)
	w.advance(nil)
	for n := 0; !w.run.State.Terminal(); n++ {
		if n > len(w.plan.Steps)+1 {
			w.Fatalf("still %s after %d happy passes: %+v", w.run.State, n, w.run)
		}
		if at, ok := Wake(w.plan, &w.run, w.in); ok && n > 0 {
			late = late || reached(w.run.Deadline, at)
			w.in.Now = at
		}
		w.pass(func(Action) Observation { return Observation{Outcome: Done} })
	}
	if !ended && !late && w.run.State != api.RunComplete {
		w.Fatalf("a run in which all got done is %s: %s", w.run.State, w.run.Message)
	}
}

// waitInVain lets nothing get done: the run must end within the sum of its limits.
func (w *walker) waitInVain() {
	outcome := pick(w.T, "vain", Waiting, Transient)
	bound := w.in.Now.Add(2 * time.Second)
	for i := range w.plan.Steps {
		bound = bound.Add(w.plan.Steps[i].Timeout + 2*time.Second)
	}
	for n := 0; !w.run.State.Terminal(); n++ {
		w.pass(func(Action) Observation { return Observation{Outcome: outcome, Message: "in vain"} })
		at, ok := Wake(w.plan, &w.run, w.in)
		if ok == w.run.State.Terminal() {
			w.Fatalf("wake says %v of a run that is %s", ok, w.run.State)
		}
		if ok && at.Equal(w.in.Now) {
			w.Fatalf("a pass at %s left the run due at the same time: %+v", at, w.run)
		}
		if ok {
			w.in.Now = at
		}
		if w.in.Now.After(bound) || n > 2000 {
			w.Fatalf("still %s at %s, after pass %d: %+v", w.run.State, w.in.Now, n, w.run)
		}
	}
}

// pass makes one pass as a caller does.
func (w *walker) pass(do func(Action) Observation) {
	w.passes++
	w.reread()
	w.advance(nil)
	asked := map[string]bool{}
	for {
		actions := Actions(w.plan, &w.run, w.in)
		w.checkActions(actions)
		var seen []Observation
		for _, group := range ByStep(fresh(actions, asked)) {
			seen = append(seen, Attempt(group, func(a Action) Observation {
				asked[a.Step+":"+a.Task] = true
				o := do(a)
				o.Step, o.Task = a.Step, a.Task
				return o
			})...)
		}
		if len(seen) == 0 {
			return
		}
		w.advance(seen)
	}
}

// reread writes the record and reads it back, and checks that it asks for the same as before.
func (w *walker) reread() {
	if w.passes%3 != 0 {
		return
	}
	data, err := json.Marshal(w.run)
	if err != nil {
		w.Fatal(err)
	}
	var back api.Run
	if err := json.Unmarshal(data, &back); err != nil {
		w.Fatal(err)
	}
	w.same("Actions after JSON", Actions(w.plan, &w.run, w.in), Actions(w.plan, &back, w.in))
	w.same("Advance after JSON", text(w.T, Advance(w.plan, w.run, nil, w.in)), text(w.T, Advance(w.plan, back, nil, w.in)))
	before, _ := Wake(w.plan, &w.run, w.in)
	after, _ := Wake(w.plan, &back, w.in)
	w.same("Wake after JSON", before.UTC(), after.UTC())
	w.run = back
}

func (w *walker) same(what string, a, b any) {
	if !reflect.DeepEqual(a, b) {
		w.Fatalf("%s differs:\n%+v\n%+v", what, a, b)
	}
}

func text(t *rapid.T, r api.Run) string {
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// advance calls Advance and checks all that must hold between the records.
func (w *walker) advance(seen []Observation) {
	before := w.run
	kept := clone(before)
	after := Advance(w.plan, before, seen, w.in)
	w.same("the argument of Advance", kept, before)
	w.same("a second Advance without news", after, Advance(w.plan, after, nil, w.in))
	for _, o := range seen {
		if was := before.StepStatus(o.Step); o.Outcome == Done && was != nil && was.State == api.StepRunning {
			w.done[o.Step+":"+o.Task] = true
		}
	}
	if before.State.Terminal() {
		w.same("an ended run", before, after)
	}
	w.checkSteps(&before, &after)
	w.checkHoldAndSupersede(&before, &after, seen)
	w.run = after
}

// clone copies a record deeply.
func clone(r api.Run) api.Run {
	r.Steps = slices.Clone(r.Steps)
	for i := range r.Steps {
		s := &r.Steps[i]
		s.DoneTasks, s.InFlight = slices.Clone(s.DoneTasks), slices.Clone(s.InFlight)
		for _, t := range []**metav1.Time{&s.StartedAt, &s.FinishedAt, &s.Since, &s.NextTry, &s.Deadline} {
			*t = (*t).DeepCopy()
		}
	}
	return r
}

// checkSteps checks the transitions of all steps.
func (w *walker) checkSteps(before, after *api.Run) {
	finals := func(r *api.Run) (n int) {
		for _, s := range r.Steps {
			if s.State.Final() {
				n++
			}
		}
		return n
	}
	if finals(after) < finals(before) || after.Progress != fmt.Sprintf("%d/%d", finals(after), len(after.Steps)) {
		w.Fatalf("progress went from %s to %s", before.Progress, after.Progress)
	}
	if len(after.Message) > api.MaxMessageLength {
		w.Fatalf("message of %d bytes: %s", len(after.Message), after.Message)
	}
	for i := range after.Steps {
		w.checkStep(i, &before.Steps[i], &after.Steps[i], after)
	}
}

// checkStep checks the transition of one step.
func (w *walker) checkStep(i int, was, is *api.StepStatus, after *api.Run) {
	switch {
	case was.State.Final():
		w.same("final step "+was.Name, was, is)
	case was.State == api.StepRunning && is.State == api.StepPending, was.State == api.StepRunning && is.State == api.StepSkipped,
		was.State == api.StepPending && is.State == api.StepComplete:
		w.Fatalf("step %s went from %s to %s", is.Name, was.State, is.State)
	case was.State == api.StepPending && is.State != api.StepPending && !w.unblocked(i, after):
		w.Fatalf("step %s began before its turn: %v", is.Name, states(*after))
	}
	limit := w.plan.Steps[i].Retry.Limit
	if limit > 0 && is.Retries > limit || is.Retries < was.Retries {
		w.Fatalf("step %s: %d retries, before %d, limit %d", is.Name, is.Retries, was.Retries, limit)
	}
	if len(is.Message) > api.MaxMessageLength {
		w.Fatalf("message of %d bytes: %s", len(is.Message), is.Message)
	}
	running := is.State == api.StepRunning && !after.State.Terminal()
	if running != (is.Deadline != nil) || !running && (is.DoneTasks != nil || is.NextTry != nil) {
		w.Fatalf("step %s of a %s run keeps the wrong fields: %+v", is.Name, after.State, is)
	}
	if is.FinishedAt != nil && is.StartedAt != nil && is.FinishedAt.Before(is.StartedAt) {
		w.Fatalf("step %s finished before it started: %+v", is.Name, is)
	}
	if is.State.Final() != (is.FinishedAt != nil) || is.State == api.StepFailed && (is.Reason == "" || is.Since == nil) {
		w.Fatalf("step %s: %+v", is.Name, is)
	}
	for _, task := range w.plan.Steps[i].Tasks {
		if is.State == api.StepComplete && !w.done[is.Name+":"+task] {
			w.Fatalf("step %s is Complete and its task %s is not done", is.Name, task)
		}
	}
}

// unblocked says by the words of the package, not by the compiled graph, whether a step may have begun.
func (w *walker) unblocked(i int, r *api.Run) bool {
	done := func(phase api.Phase, step api.Step) bool {
		state := r.StepStatus(phase.Name + "/" + step.Name).State
		return state == api.StepComplete || state == api.StepSkipped || state == api.StepFailed && step.OnFailure == "continue"
	}
	for n, phase := range w.source.Phases {
		for j, step := range phase.Steps {
			if phase.Name+"/"+step.Name != r.Steps[i].Name {
				continue
			}
			for _, name := range step.DependsOn {
				for _, p := range w.source.Phases {
					for _, s := range p.Steps {
						if p.Name+"/"+s.Name == name && !done(p, s) {
							return false
						}
					}
				}
			}
			if phase.Strategy != api.Parallel && j > 0 && !done(phase, phase.Steps[j-1]) {
				return false
			}
			return w.source.Strategy == api.Parallel || n == 0 || !slices.ContainsFunc(w.source.Phases[n-1].Steps, func(s api.Step) bool {
				return !done(w.source.Phases[n-1], s)
			})
		}
	}
	return false
}

// checkHoldAndSupersede checks that a held run starts nothing and that only a run that may be
// superseded is.
func (w *walker) checkHoldAndSupersede(before, after *api.Run, seen []Observation) {
	for i := range after.Steps {
		if w.in.Hold && before.Steps[i].State == api.StepPending && after.Steps[i].State != api.StepPending {
			w.Fatalf("step %s began while the run was held", after.Steps[i].Name)
		}
	}
	if after.State != api.RunSuperseded || before.State.Terminal() {
		return
	}
	if !w.in.Supersede || !w.plan.Interruptible {
		w.Fatalf("superseded, asked=%v interruptible=%v", w.in.Supersede, w.plan.Interruptible)
	}
	for _, o := range seen {
		if o.InFlight && o.Outcome != Done && after.StepStatus(o.Step).State == api.StepRunning {
			w.Fatalf("superseded while %s of %s is in flight", o.Task, o.Step)
		}
	}
	for i, s := range before.Steps {
		for _, task := range s.InFlight {
			landed := slices.ContainsFunc(seen, func(o Observation) bool { return o.Step == s.Name && o.Task == task })
			if !landed && after.Steps[i].State == api.StepRunning {
				w.Fatalf("superseded while %s of %s is in flight", task, s.Name)
			}
		}
	}
}

// checkActions checks that what is asked for may be done.
func (w *walker) checkActions(actions []Action) {
	for _, a := range actions {
		s := &w.run.Steps[a.StepIndex]
		if w.run.State.Terminal() || s.Name != a.Step || s.State != api.StepRunning {
			w.Fatalf("action %+v for a step that is %s in a run that is %s", a, s.State, w.run.State)
		}
		if w.done[a.Step+":"+a.Task] {
			w.Fatalf("action %+v for a task that is done", a)
		}
		if a.Observe != w.in.Hold {
			w.Fatalf("action %+v while hold is %v", a, w.in.Hold)
		}
	}
}
