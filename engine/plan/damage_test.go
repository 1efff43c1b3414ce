package plan

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// damages are ways in which a record may be broken, with whether it still fits its plan.
var damages = []struct {
	name  string
	fits  bool
	apply func(r *api.Run)
}{
	{"other plan", false, func(r *api.Run) { r.Name = "other" }},
	{"no state", false, func(r *api.Run) { r.State = "" }},
	{"no steps", false, func(r *api.Run) { r.Steps = nil }},
	{"step lost", false, func(r *api.Run) { r.Steps = r.Steps[1:] }},
	{"step renamed", false, func(r *api.Run) { r.Steps[0].Name = "p0/other" }},
	{"step of unknown state", false, func(r *api.Run) { r.Steps[0].State = "Sleeping" }},
	{"step without state", false, func(r *api.Run) { r.Steps[0].State = "" }},
	{"no times", true, func(r *api.Run) {
		r.Deadline, r.HeldAt = nil, nil
		for i := range r.Steps {
			if r.Steps[i].State == api.StepRunning {
				r.Steps[i] = api.StepStatus{Name: r.Steps[i].Name, State: api.StepRunning}
			}
		}
	}},
	{"all at once", true, func(r *api.Run) {
		for i := range r.Steps {
			r.Steps[i] = api.StepStatus{Name: r.Steps[i].Name, State: api.StepRunning, Retries: r.Steps[i].Retries}
		}
	}},
	{"unknown tasks", true, func(r *api.Run) {
		for i := range r.Steps {
			if r.Steps[i].State == api.StepRunning {
				r.Steps[i].DoneTasks, r.Steps[i].InFlight = []string{"x", "x"}, []string{"y"}
			}
		}
	}},
}

// TestDamagedRecords checks that a record that does not fit ends the run, and that any other still
// ends within its limits.
func TestDamagedRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWalker(t)
		w.pass(func(Action) Observation { return Observation{Outcome: Waiting} })
		if w.run.State.Terminal() {
			return
		}
		damage := pick(t, "damage", damages...)
		w.run = clone(w.run)
		damage.apply(&w.run)
		w.in.Now = w.in.Now.Add(-time.Hour)
		if !damage.fits {
			w.refuses(damage.name)
			return
		}
		w.waitInVain()
	})
}

func (w *walker) refuses(damage string) {
	if actions := Actions(w.plan, &w.run, w.in); actions != nil {
		w.Fatalf("%s: actions %v", damage, actions)
	}
	if at, ok := Wake(w.plan, &w.run, w.in); ok {
		w.Fatalf("%s: wakes at %s", damage, at)
	}
	after := Advance(w.plan, w.run, nil, w.in)
	if after.State != api.RunFailed || after.FinishedAt == nil || after.Message == "" {
		w.Fatalf("%s: %+v", damage, after)
	}
	w.same("steps of a record that does not fit", w.run.Steps, after.Steps)
}

func TestRefusalSaysWhatDoesNotFit(t *testing.T) {
	p := compile(t, rollout())
	for name, want := range map[string]string{
		"other plan":            `nothing more was done: the record is of plan "other", not "upgrade"; start the plan anew`,
		"no state":              `nothing more was done: the record has no state; start the plan anew`,
		"step lost":             `nothing more was done: the record has 6 steps, plan "upgrade" has 7; start the plan anew`,
		"step renamed":          `nothing more was done: step 1 of the record is "p0/other", that of plan "upgrade" is "protect/path"; start the plan anew`,
		"step of unknown state": `nothing more was done: step "protect/path" is in the unknown state "Sleeping"; start the plan anew`,
	} {
		run := Start(p, StartInput{Now: noon})
		for _, damage := range damages {
			if damage.name == name {
				damage.apply(&run)
			}
		}
		if got := Advance(p, run, nil, Input{Now: noon}).Message; got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestCutTearsNoCharacter(t *testing.T) {
	for limit := 3; limit < 30; limit++ {
		got := cut(strings.Repeat("ö", 20), limit)
		if len(got) > limit || !strings.HasSuffix(got, "…") || strings.Contains(got, "\uFFFD") || strings.ToValidUTF8(got, "?") != got {
			t.Errorf("limit %d: %q", limit, got)
		}
	}
	if got := cut("öö", 4); got != "öö" {
		t.Errorf("a short text became %q", got)
	}
}
