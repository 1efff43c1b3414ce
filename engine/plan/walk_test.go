package plan

import (
	"encoding/json"
	"flag"
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
