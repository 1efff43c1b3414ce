package plan

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// maxStatus is what a run may take of a status with 20 phases of 20 steps, in bytes.
const maxStatus = 16 << 10

// TestRecordStaysSmall measures the record of a large run in its stages.
func TestRecordStaysSmall(t *testing.T) {
	source := grid(20, 20, "", api.Parallel)
	for i := range source.Phases {
		source.Phases[i].Name = []string{"protect", "configuration", "network", "storage", "roll", "verification"}[i%6] + string(rune('a'+i))
	}
	p := compile(t, source)
	in := Input{Now: noon}
	run := Advance(p, Start(p, StartInput{UID: "3b241101-e2bb-4255-8caf-4136c566a962", Reason: "spec.version changed", Now: noon}), nil, in)
	largest := 0
	for phase := 0; !run.State.Terminal(); phase++ {
		actions := Actions(p, &run, in)
		if len(actions) != 20 {
			t.Fatalf("phase %d: %d actions, want 20", phase, len(actions))
		}
		largest = max(largest, size(t, Advance(p, run, observe(actions, Waiting), in)))
		run = Advance(p, run, observe(actions, Done), in)
	}
	final := size(t, run)
	t.Logf("400 steps: %d bytes at most, with 20 steps waiting; %d bytes at the end", largest, final)
	if largest > maxStatus || final > maxStatus {
		t.Errorf("more than %d bytes: %d waiting, %d at the end", maxStatus, largest, final)
	}
}

// observe answers all actions alike, with a message of a usual length.
func observe(actions []Action, outcome Outcome) []Observation {
	var all []Observation
	for _, a := range actions {
		all = append(all, Observation{Step: a.Step, Task: a.Task, Outcome: outcome, Reason: "ImagePullBackOff", Message: strings.Repeat("Pod waits ", 12)})
	}
	return all
}

func size(t *testing.T, r api.Run) int {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return len(data)
}

// halfway is a run of 400 steps of which half are done and one phase waits.
func halfway(b *testing.B) (*Plan, api.Run, Input, []Observation) {
	p := compile(b, grid(20, 20, "", api.Parallel))
	in := Input{Now: noon}
	run := Advance(p, Start(p, StartInput{UID: "7c1e", Now: noon}), nil, in)
	for range 10 {
		run = Advance(p, run, observe(Actions(p, &run, in), Done), in)
	}
	waiting := observe(Actions(p, &run, in), Waiting)
	return p, Advance(p, run, waiting, in), in, waiting
}

// BenchmarkAdvance20x20 measures what a pass costs in which nothing is new.
func BenchmarkAdvance20x20(b *testing.B) {
	p, run, in, _ := halfway(b)
	b.ReportAllocs()
	for b.Loop() {
		Advance(p, run, nil, in)
	}
}

// BenchmarkAdvance20x20Observed measures what a pass costs in which 20 steps say that they wait.
func BenchmarkAdvance20x20Observed(b *testing.B) {
	p, run, in, waiting := halfway(b)
	b.ReportAllocs()
	for b.Loop() {
		Advance(p, run, waiting, in)
	}
}

// BenchmarkWholeRun20x20 measures a run of 400 steps that are done at once.
func BenchmarkWholeRun20x20(b *testing.B) {
	p, in := compile(b, grid(20, 20, "", api.Parallel)), Input{Now: noon}
	b.ReportAllocs()
	for b.Loop() {
		run := Advance(p, Start(p, StartInput{UID: "7c1e", Now: noon}), nil, in)
		for !run.State.Terminal() {
			run = Advance(p, run, observe(Actions(p, &run, in), Done), in)
		}
	}
}

// TestFinishedStepsCostNothing checks that a pass allocates as often with many finished steps as
// with few.
func TestFinishedStepsCostNothing(t *testing.T) {
	allocations := func(phases int) float64 {
		p, in := compile(t, grid(phases+1, 20, "", api.Parallel)), Input{Now: noon}
		run := Advance(p, Start(p, StartInput{UID: "7c1e", Now: noon}), nil, in)
		for range phases {
			run = Advance(p, run, observe(Actions(p, &run, in), Done), in)
		}
		waiting := observe(Actions(p, &run, in), Waiting)
		run = Advance(p, run, waiting, in)
		return testing.AllocsPerRun(20, func() { Advance(p, run, waiting, in) })
	}
	if few, many := allocations(1), allocations(19); many > few+4 {
		t.Errorf("%v allocations with 380 finished steps, %v with 20", many, few)
	}
}
