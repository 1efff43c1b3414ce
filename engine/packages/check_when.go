package packages

import (
	"fmt"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/trigger"
)

// warnWhens warns of conditions that fail for a spec that the schema allows, because they read an
// optional field that it leaves out.
func (l *loader) warnWhens(k *kind, s sample) {
	for i := range k.Plans {
		p := &k.Plans[i]
		at := "plans." + p.Name
		vars := expr.Vars{"spec": s.spec, "old": s.spec}
		l.tryWhen(k, at+".triggers.when", p.Triggers.When, s, vars, trigger.Variables)
		vars = expr.Vars{"spec": s.spec, "old": s.spec, "outputs": outputs(k), "plan": p.Name}
		for j, phase := range p.Phases {
			l.trySteps(k, item(at+".phases", j), phase, s, vars)
		}
	}
}

func (l *loader) trySteps(k *kind, at string, phase api.Phase, s sample, vars expr.Vars) {
	for i, step := range phase.Steps {
		l.tryWhen(k, item(at+".steps", i)+".when", step.When, s, vars, plan.Variables)
	}
}

func (l *loader) tryWhen(k *kind, path, source string, s sample, vars expr.Vars, names []string) {
	if source == "" {
		return
	}
	when, err := expr.Compile(source, names...)
	if err != nil {
		return
	}
	if _, err := when.Bool(vars); expr.IsMissing(err) {
		l.warn(k.plans, path, fmt.Sprintf("%sthe condition fails: %v", s.with, err), "ask has(...) first, or give the field a default")
	}
}
