package trigger

import (
	"fmt"
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

// queue collects what asks for which plan.
type queue struct {
	kind   *api.Kind
	in     Input
	holds  map[string]bool     // whether plans' conditions hold, as far as it was asked
	failed error               // the first condition that could not be evaluated
	events map[string]string   // what happened that asks for a plan
	paths  map[string][]string // which paths ask for a plan
}

// active says whether the condition of a plan's triggers holds; none holds always.
func (q *queue) active(plan string) bool {
	holds, asked := q.holds[plan]
	if asked {
		return holds
	}
	holds, err := evaluate(q.kind.Plan(plan).Triggers.When, q.in)
	if err != nil && q.failed == nil {
		q.failed = fmt.Errorf("decide whether plan %q is asked for: triggers.when: %w", plan, err)
	}
	q.holds[plan] = holds
	return holds
}

// evaluate evaluates a trigger's condition.
func evaluate(when string, in Input) (bool, error) {
	if when == "" {
		return true, nil
	}
	program, err := expr.Compile(when, Variables...)
	if err != nil {
		return false, err
	}
	return program.Bool(expr.Vars{"spec": object(in.New), "old": object(in.Old)})
}

// object returns a spec as an expression sees it: never null.
func object(spec map[string]any) map[string]any {
	if spec == nil {
		return map[string]any{}
	}
	return spec
}

// happened asks for the active plans whose triggers match an event, and says whether there is one.
func (q *queue) happened(event string, match func(*api.Triggers) bool) bool {
	found := false
	for i := range q.kind.Plans {
		if p := &q.kind.Plans[i]; match(&p.Triggers) && q.active(p.Name) {
			q.events[p.Name] = event
			found = true
		}
	}
	return found
}

// fallBack asks for the first of the named plans that exists, and says whether there is one.
func (q *queue) fallBack(event string, names ...string) bool {
	name, exists := q.first(names...)
	if exists {
		q.events[name] = event
	}
	return exists
}

// first returns the first of the named plans that exists.
func (q *queue) first(names ...string) (string, bool) {
	for _, name := range names {
		if q.kind.Plan(name) != nil {
			return name, true
		}
	}
	return "", false
}

// ask notes that a path asks for a plan.
func (q *queue) ask(plan, path string) {
	if !slices.Contains(q.paths[plan], path) {
		q.paths[plan] = append(q.paths[plan], path)
	}
}

// chosen returns the plans asked for in the order of the package.
func (q *queue) chosen() []Chosen {
	var all []Chosen
	for i := range q.kind.Plans {
		name := q.kind.Plans[i].Name
		if q.events[name] != "" || len(q.paths[name]) > 0 {
			all = append(all, Chosen{Plan: name, Reason: reason(q.events[name], q.paths[name])})
		}
	}
	return all
}
