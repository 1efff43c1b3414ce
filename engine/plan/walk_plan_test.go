package plan

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/dittofs/dittofs-operator/engine/api"
)

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
