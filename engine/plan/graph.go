package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// link adds the edges: first those of the strategies, which cannot make a cycle, then those of
// dependsOn, of which each that closes a cycle is a problem and left out.
func (c *compiler) link() {
	var before []int // the steps of the phase before
	next := 0
	for i := range c.source.Phases {
		phase := &c.source.Phases[i]
		steps := make([]int, len(phase.Steps))
		for j := range steps {
			steps[j] = next + j
		}
		next += len(steps)
		if c.source.Strategy != api.Parallel {
			c.linkPhases(before, steps)
		}
		if phase.Strategy != api.Parallel {
			c.linkSteps(steps)
		}
		before = steps
	}
	c.linkDependencies()
	for i := range c.plan.Steps {
		after := c.plan.Steps[i].After
		slices.Sort(after)
		c.plan.Steps[i].After = slices.Clip(slices.Compact(after))
	}
}

// linkPhases makes each of steps wait for all steps of the phase before.
func (c *compiler) linkPhases(before, steps []int) {
	for _, i := range steps {
		c.plan.Steps[i].After = append(c.plan.Steps[i].After, before...)
	}
}

// linkSteps makes each of steps wait for the one before.
func (c *compiler) linkSteps(steps []int) {
	for j := 1; j < len(steps); j++ {
		c.plan.Steps[steps[j]].After = append(c.plan.Steps[steps[j]].After, steps[j-1])
	}
}

// linkDependencies adds the edges of dependsOn.
func (c *compiler) linkDependencies() {
	next := 0
	for i := range c.source.Phases {
		for j := range c.source.Phases[i].Steps {
			for n, target := range c.source.Phases[i].Steps[j].DependsOn {
				c.depend(fmt.Sprintf("phases[%d].steps[%d].dependsOn[%d]", i, j, n), next, target)
			}
			next++
		}
	}
}

// depend makes step wait for target, which is "step" of the same phase or "phase/step".
func (c *compiler) depend(path string, step int, target string) {
	from := &c.plan.Steps[step]
	name := target
	if !strings.Contains(target, "/") {
		name = from.Phase + "/" + target
	}
	to, exists := c.plan.index[name]
	switch {
	case !exists:
		c.problem(path, suggest.Hint(target, c.stepNames(from.Phase)), "there is no step %q", name)
	case to == step:
		c.problem(path, "", "step %q depends on itself", name)
	default:
		c.addEdge(path, step, to)
	}
}

// addEdge makes step wait for to unless to already waits for step.
func (c *compiler) addEdge(path string, step, to int) {
	cycle := way(c.plan.Steps, to, step)
	if cycle == nil {
		c.plan.Steps[step].After = append(c.plan.Steps[step].After, to)
		return
	}
	names := []string{c.plan.Steps[step].Name}
	for _, i := range cycle {
		names = append(names, c.plan.Steps[i].Name)
	}
	c.problem(path, "a step of a serial phase or plan waits for those before it anyway",
		"these steps wait for each other: %s", strings.Join(slices.Compact(names), " -> "))
}

// stepNames lists the names that a step of the phase can depend on.
func (c *compiler) stepNames(phase string) []string {
	var names []string
	for i := range c.plan.Steps {
		name := c.plan.Steps[i].Name
		if c.plan.Steps[i].Phase == phase {
			names = append(names, strings.TrimPrefix(name, phase+"/"))
		}
		names = append(names, name)
	}
	return names
}

// way returns the shortest way from one step to another along what they wait for, both ends
// included, or nil.
func way(steps []Step, from, to int) []int {
	cameFrom := map[int]int{from: from}
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at == to {
			return trace(cameFrom, from, to)
		}
		for _, next := range steps[at].After {
			if _, seen := cameFrom[next]; !seen {
				cameFrom[next] = at
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// trace follows a search back from its end.
func trace(cameFrom map[int]int, from, to int) []int {
	steps := []int{to}
	for at := to; at != from; {
		at = cameFrom[at]
		steps = append(steps, at)
	}
	slices.Reverse(steps)
	return steps
}

// sequence orders the steps of an acyclic graph such that each comes after all it waits for; apart
// from that the order stays.
func sequence(steps []Step) []int {
	order := make([]int, 0, len(steps))
	placed := make([]bool, len(steps))
	var place func(i int)
	place = func(i int) {
		if placed[i] {
			return
		}
		placed[i] = true
		for _, before := range steps[i].After {
			place(before)
		}
		order = append(order, i)
	}
	for i := range steps {
		place(i)
	}
	return order
}
