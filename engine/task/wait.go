package task

import (
	"context"
	"fmt"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/expr"
	"github.com/dittofs/dittofs-operator/engine/plan"
)

// wait looks at one object until it is as it should be, or gone.
func (e *Executor) wait(ctx context.Context, r Request) Result {
	w := r.Task.Wait
	name, err := r.Program.Templates.Text("name of task "+r.Task.Name, w.Name, r.Context)
	if err != nil {
		return terminal("RenderFailed", err.Error())
	}
	ref := api.ObjectRef{APIVersion: w.APIVersion, Kind: w.Kind, Namespace: r.Context.Namespace, Name: name}
	o, err := e.Applier.Get(ctx, ref)
	switch {
	case missing(err) && w.Absent:
		return done()
	case missing(err):
		return waiting("NotFound", fmt.Sprintf("%s does not exist yet in namespace %s; create it", ref, ref.Namespace)).again(poll)
	case err != nil:
		return failure(err)
	case w.Absent:
		return waiting("StillExists", fmt.Sprintf("%s still exists", ref)).again(poll)
	}
	result := e.health(ctx, o, r.expressions())
	if result.Outcome == plan.Waiting {
		return result.again(poll)
	}
	if result.Outcome == plan.Done {
		return withOutputs(result, r.expressions().outputs, expr.Vars{"object": o.Object})
	}
	return result
}

// missing says whether an error of a read means that there is no such object.
func missing(err error) bool {
	return err != nil && apply.Classify(err).Reason == apply.ReasonNotFound
}

// withOutputs adds the values of the output expressions to a result that is done.
func withOutputs(r Result, outputs map[string]*expr.Program, vars expr.Vars) Result {
	for name, p := range outputs {
		value, err := p.String(vars)
		if err != nil {
			return waiting("OutputMissing", fmt.Sprintf("output %s cannot be read yet: %v", name, err)).again(poll)
		}
		if len(value) > api.MaxOutputLength {
			return terminal("OutputTooLong", fmt.Sprintf("output %s is longer than %d bytes", name, api.MaxOutputLength))
		}
		if r.Outputs == nil {
			r.Outputs = map[string]string{}
		}
		r.Outputs[name] = value
	}
	return r
}

// Boolean reads a boolean of spec by its path.
func Boolean(spec map[string]any, path string) (bool, error) {
	var v any = spec
	for _, key := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return false, fmt.Errorf("spec.%s is not set", path)
		}
		v = m[key]
	}
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("spec.%s is %v, and must be true or false", path, v)
	}
	return b, nil
}
