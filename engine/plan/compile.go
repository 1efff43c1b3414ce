package plan

import (
	"fmt"
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// Variables are the names that a step's `when` may use: the wish, the wish carried out before,
// the results of tasks, and the plan's name.
var Variables = []string{"spec", "old", "outputs", "plan"}

// Compile checks the named plan of a kind and turns it into a graph. The problems are all there
// are, with paths that begin at the plan; the plan is nil when one of them is an error.
func Compile(k *api.Kind, name string) (*Plan, api.Problems) {
	source := k.Plan(name)
	if source == nil {
		return nil, api.Problems{{Message: fmt.Sprintf("there is no plan %q", name), Hint: suggest.Hint(name, planNames(k))}}
	}
	c := &compiler{source: source, tasks: taskNames(k), plan: &Plan{
		Name:          source.Name,
		Timeout:       source.Timeout.Duration,
		Interruptible: source.IsInterruptible(),
		index:         map[string]int{},
	}}
	c.checkPlan()
	if source.Retry != nil {
		retry := c.compileRetry("retry", source.Retry)
		c.plan.Retry = &retry
	}
	if len(c.plan.Steps) > MaxSteps {
		c.problem("phases", "", "the plan has %d steps; at most %d fit into a status", len(c.plan.Steps), MaxSteps)
		return nil, c.problems
	}
	c.link()
	if c.problems.Err() != nil {
		return nil, c.problems
	}
	c.plan.order = sequence(c.plan.Steps)
	return c.plan, c.problems
}

// compiler collects the steps of a plan and what is wrong with it.
type compiler struct {
	source   *api.Plan
	tasks    []string
	plan     *Plan
	problems api.Problems
}

// problem notes what is wrong at a path.
func (c *compiler) problem(path, hint, format string, args ...any) {
	c.problems = append(c.problems, api.Problem{Path: path, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// checkPlan checks what the plan says about itself, then its phases.
func (c *compiler) checkPlan() {
	c.checkName("name", "plan", c.source.Name)
	c.checkStrategy("strategy", c.source.Strategy)
	c.checkDuration("timeout", c.source.Timeout.Duration)
	if len(c.source.Phases) == 0 {
		c.problem("phases", "", "the plan has no phases, so it would do nothing")
	}
	seen := map[string]int{}
	for i := range c.source.Phases {
		phase, path := &c.source.Phases[i], fmt.Sprintf("phases[%d]", i)
		c.checkUnique(path+".name", "phase", phase.Name, i, seen)
		c.checkPhase(path, phase)
	}
}

// checkPhase checks a phase, then its steps.
func (c *compiler) checkPhase(path string, phase *api.Phase) {
	c.checkName(path+".name", "phase", phase.Name)
	c.checkStrategy(path+".strategy", phase.Strategy)
	if len(phase.Steps) == 0 {
		c.problem(path+".steps", "", "phase %q has no steps", phase.Name)
	}
	seen := map[string]int{}
	for i := range phase.Steps {
		step, path := &phase.Steps[i], fmt.Sprintf("%s.steps[%d]", path, i)
		c.checkName(path+".name", "step", step.Name)
		c.checkUnique(path+".name", "step", step.Name, i, seen)
		c.addStep(path, phase.Name, step)
	}
}

// addStep checks a step and adds it to the graph, still without edges. A broken step is added as
// well, so that edges to it are found.
func (c *compiler) addStep(path, phase string, s *api.Step) {
	name := phase + "/" + s.Name
	if _, taken := c.plan.index[name]; !taken {
		c.plan.index[name] = len(c.plan.Steps)
	}
	c.checkTasks(path+".tasks", name, s.Tasks)
	c.checkDuration(path+".timeout", s.Timeout.Duration)
	c.plan.Steps = append(c.plan.Steps, Step{
		Name:              name,
		Phase:             phase,
		Tasks:             slices.Clone(s.Tasks),
		When:              c.compileWhen(path+".when", s.When),
		Timeout:           or(s.Timeout.Duration, api.DefaultStepTimeout),
		Retry:             c.compileRetry(path+".retry", s.Retry),
		ContinueOnFailure: c.checkOnFailure(path+".onFailure", s.OnFailure),
	})
}

// checkTasks checks that a step names tasks that exist, each once.
func (c *compiler) checkTasks(path, step string, tasks []string) {
	if len(tasks) == 0 {
		c.problem(path, "", "step %q has no tasks", step)
	}
	if n := len(tasks); n > MaxTasks {
		c.problem(path, "spread them over several steps", "step %q has %d tasks, more than %d", step, n, MaxTasks)
	}
	known := set(c.tasks)
	seen := map[string]int{}
	for i, task := range tasks {
		path := fmt.Sprintf("%s[%d]", path, i)
		if !known[task] {
			c.problem(path, suggest.Hint(task, c.tasks), "task %q is not defined in tasks.yaml", task)
		}
		c.checkUnique(path, "task", task, i, seen)
	}
}

// compileWhen compiles a step's condition.
func (c *compiler) compileWhen(path, source string) *expr.Program {
	if source == "" {
		return nil
	}
	when, err := expr.Compile(source, Variables...)
	if err != nil {
		c.problem(path, "", "%v", err)
		return nil
	}
	if !when.CanBeBool() {
		c.problem(path, "", "the expression never yields true or false")
	}
	return when
}

// compileRetry checks the retry of a step or plan and fills in the defaults.
func (c *compiler) compileRetry(path string, r *api.Retry) Retry {
	if r == nil {
		return Retry{Backoff: api.DefaultBackoff, MaxBackoff: api.DefaultMaxBackoff}
	}
	if r.Limit < 0 {
		c.problem(path+".limit", "0 means: until the step's timeout", "%d is negative", r.Limit)
	}
	c.checkDuration(path+".backoff", r.Backoff.Duration)
	c.checkDuration(path+".maxBackoff", r.MaxBackoff.Duration)
	longest := r.MaxBackoff.Duration
	first := or(r.Backoff.Duration, api.DefaultBackoff)
	if longest > 0 && r.Backoff.Duration > longest {
		c.problem(path+".maxBackoff", "", "%s is shorter than the first wait, which is %s", longest, first)
	}
	return Retry{Limit: r.Limit, Backoff: first, MaxBackoff: or(longest, max(first, api.DefaultMaxBackoff))}
}

// checkOnFailure says whether the run goes on when the step fails.
func (c *compiler) checkOnFailure(path, policy string) bool {
	switch policy {
	case "", "stop", "continue":
		return policy == "continue"
	}
	hint := or(suggest.Hint(policy, []string{"stop", "continue"}), `use "stop" or "continue"`)
	c.problem(path, hint, "%q is no failure policy", policy)
	return false
}

// planNames lists the names of a kind's plans.
func planNames(k *api.Kind) []string {
	names := make([]string, len(k.Plans))
	for i := range k.Plans {
		names[i] = k.Plans[i].Name
	}
	return names
}

// taskNames lists the names of a kind's tasks.
func taskNames(k *api.Kind) []string {
	names := make([]string, len(k.Tasks))
	for i := range k.Tasks {
		names[i] = k.Tasks[i].Name
	}
	return names
}

// set returns the words as a set.
func set(words []string) map[string]bool {
	in := make(map[string]bool, len(words))
	for _, word := range words {
		in[word] = true
	}
	return in
}

// or returns the first value unless it is zero, else the second.
func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
