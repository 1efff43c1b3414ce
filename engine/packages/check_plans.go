package packages

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/schema"
	"github.com/dittofs/dittofs-operator/engine/trigger"
)

// checkPlans compiles the plans and looks whether each can ever run.
func (l *loader) checkPlans(k *kind) {
	if k.plans == nil {
		return
	}
	if k.tasks != nil {
		for _, name := range planNames(k) {
			_, problems := plan.Compile(k.Kind, name)
			for _, p := range problems {
				p.Path = join("plans."+name, p.Path)
				l.report(k.plans, p)
			}
		}
	}
	created, deleted := "", ""
	for i := range k.Plans {
		p := &k.Plans[i]
		l.checkTriggers(k, p)
		created = l.single(k, p, p.Triggers.Created, "created", created)
		deleted = l.single(k, p, p.Triggers.Deleted, "deleted", deleted)
	}
	if created == "" {
		l.add(k.plans, "plans", "no plan runs when an instance is created", "give one plan triggers: {created: true}")
	}
	if k.compiled != nil {
		l.checkXPlans(k)
		l.warnIdle(k)
	}
}

// single reports a second plan for what happens once in a life.
func (l *loader) single(k *kind, p *api.Plan, asked bool, what, first string) string {
	switch {
	case !asked:
		return first
	case first != "":
		l.add(k.plans, "plans."+p.Name+".triggers."+what, fmt.Sprintf("plan %q has %s: true too", first, what), "put the steps into one plan")
		return first
	}
	return p.Name
}

// checkTriggers looks whether the paths of a plan's triggers exist.
func (l *loader) checkTriggers(k *kind, p *api.Plan) {
	at := "plans." + p.Name + ".triggers"
	l.expression(k.plans, at+".when", p.Triggers.When, yesOrNo, trigger.Variables...)
	if k.compiled == nil {
		return
	}
	seen := map[string]int{}
	for i, path := range p.Triggers.Paths {
		here := item(at+".paths", i)
		if strings.HasPrefix(path, "spec.") {
			l.add(k.plans, here, fmt.Sprintf("%q begins with spec", path), fmt.Sprintf("paths begin below it; write %q", strings.TrimPrefix(path, "spec.")))
			continue
		}
		l.unique(k.plans, here, "path", path, seen)
		if _, err := k.compiled.Type(path); err != nil {
			l.report(k.plans, fieldProblem(here, err))
		}
	}
}

// fieldProblem says that a field of spec does not exist.
func fieldProblem(path string, err error) api.Problem {
	p := api.Problem{Path: path, Message: err.Error()}
	var e *schema.UnknownField
	if errors.As(err, &e) {
		p.Hint = e.Hint
	}
	return p
}

// warnIdle warns of plans that nothing asks for.
func (l *loader) warnIdle(k *kind) {
	named := map[string]bool{}
	for _, name := range k.compiled.Triggers() {
		named[name] = true
	}
	for i := range k.Plans {
		t := k.Plans[i].Triggers
		if !t.Created && !t.Deleted && !t.PackageVersion && len(t.Paths) == 0 && !named[k.Plans[i].Name] {
			l.warn(k.plans, "plans."+k.Plans[i].Name, "no change asks for this plan", "give it triggers, or name it in an x-plan of schema.yaml")
		}
	}
}

func split(path string) []string { return strings.Split(path, ".") }
