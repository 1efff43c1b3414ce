package trigger

import (
	"fmt"
	"slices"
)

// take asks for the plans of a changed path: those of all that lies below it, because it came or
// went as a whole, and those of its parts.
func (q *queue) take(c change) error {
	q.takeBelow(c.path, c.path)
	for _, part := range c.parts {
		if err := q.takePart(c.path, part); err != nil {
			return err
		}
	}
	return nil
}

// takePart asks for the plans of one field of a changed path, or for the fallback.
func (q *queue) takePart(path, part string) error {
	above := q.takeAbove(path, part)
	if q.takeBelow(path, part) || above {
		return nil
	}
	name, exists := q.first(update, deploy)
	if !exists {
		return fmt.Errorf("spec.%s changed and no plan takes it: the package needs a plan whose triggers name the path, or one named %q or %q", part, update, deploy)
	}
	q.ask(name, path)
	return nil
}

// takeBelow asks for the plans that are named for something below a field, on behalf of a changed
// path, and says whether there are any.
func (q *queue) takeBelow(path, field string) bool {
	isBelow := func(named string) bool { return named != field && below(named, field) }
	taken := q.takeNamed(path, isBelow)
	for named, plan := range q.in.SchemaTriggers {
		if isBelow(named) && q.active(plan) {
			q.ask(plan, path)
			taken = true
		}
	}
	return taken
}

// takeAbove asks for the plans that are named for a field or something above it, on behalf of a
// changed path, and says whether there are any. Of those that the schema names, the nearest counts.
func (q *queue) takeAbove(path, field string) bool {
	taken := q.takeNamed(path, func(named string) bool { return below(field, named) })
	if plan, found := q.nearest(field); found {
		q.ask(plan, path)
		taken = true
	}
	return taken
}

// takeNamed asks for the plans whose own triggers name a path that matches, and says whether there
// are any.
func (q *queue) takeNamed(path string, match func(named string) bool) bool {
	taken := false
	for i := range q.kind.Plans {
		if p := &q.kind.Plans[i]; slices.ContainsFunc(p.Triggers.Paths, match) && q.active(p.Name) {
			q.ask(p.Name, path)
			taken = true
		}
	}
	return taken
}

// nearest returns the plan that the schema names for the longest path at or above a field, among
// the plans whose condition holds.
func (q *queue) nearest(field string) (plan string, found bool) {
	longest := ""
	for path, name := range q.in.SchemaTriggers {
		if below(field, path) && len(path) > len(longest) && q.active(name) {
			longest, plan, found = path, name, true
		}
	}
	return plan, found
}
