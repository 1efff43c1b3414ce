package task

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/render"
)

// apply renders the resources, applies them in order, prunes what the task no longer renders, and
// judges the health of all.
func (e *Executor) apply(ctx context.Context, r Request, spec *api.ApplySpec) Result {
	objects, err := r.Program.Templates.Objects(spec.Resources, r.Context, render.Options{})
	if err != nil {
		return terminal("RenderFailed", err.Error())
	}
	options := apply.Options{OnConflict: spec.OnConflict, OnImmutable: spec.OnImmutable, Retain: spec.Retain}
	result := Result{Recorded: true}
	live := make([]*unstructured.Unstructured, 0, len(objects))
	for _, o := range objects {
		StampPods(o, r.Owner)
		l, _, err := e.Applier.Apply(ctx, r.Owner, r.stamp(), o, options)
		if err != nil {
			return failure(err)
		}
		if err := e.watch(ctx, l); err != nil {
			return failure(err)
		}
		live = append(live, l)
		result.Objects = append(result.Objects, apply.RefOf(l))
	}
	pruned := e.prune(ctx, r, spec.Prune, &result)
	if pruned.Outcome != plan.Done {
		return pruned
	}
	return e.judge(ctx, r, live, result)
}

// prune deletes what the task made before and no longer renders, unless another task renders it.
func (e *Executor) prune(ctx context.Context, r Request, policy string, result *Result) Result {
	for _, ref := range apply.Obsolete(r.Inventory, r.Task.Name, result.Objects) {
		if !apply.Prunable(ref, policy) {
			result.Objects = append(result.Objects, ref)
			continue
		}
		if _, err := e.Applier.Delete(ctx, r.Owner, ref, apply.DeleteOptions{DeleteRetained: policy == apply.PruneAlways}); err != nil {
			return failure(err)
		}
		result.Removed = append(result.Removed, ref)
	}
	return done()
}

// judge says whether all objects are healthy; the first that is not explains the wait.
func (e *Executor) judge(ctx context.Context, r Request, live []*unstructured.Unstructured, result Result) Result {
	c := r.expressions()
	for _, o := range live {
		h := e.health(ctx, o, c)
		if h.Outcome != plan.Done {
			result.Outcome, result.Reason, result.Message = h.Outcome, h.Reason, h.Message
			return result
		}
	}
	result.Outcome = plan.Done
	return result
}

// delete renders the resources and waits until none of the objects exists.
func (e *Executor) delete(ctx context.Context, r Request, resources []string) Result {
	objects, err := r.Program.Templates.Objects(resources, r.Context, render.Options{})
	if err != nil {
		return terminal("RenderFailed", err.Error())
	}
	result := done()
	for _, o := range objects {
		if o.GetNamespace() == "" {
			o.SetNamespace(r.Context.Namespace)
		}
		ref := apply.RefOf(o)
		gone, err := e.Applier.Delete(ctx, r.Owner, ref, apply.DeleteOptions{DeleteRetained: true})
		if err != nil {
			return failure(err)
		}
		if !gone {
			result = waiting("Deleting", fmt.Sprintf("%s is being deleted", ref)).again(poll)
			continue
		}
		result.Removed = append(result.Removed, ref)
	}
	return result
}

// toggle applies or deletes, by a boolean of spec.
func (e *Executor) toggle(ctx context.Context, r Request) Result {
	on, err := Boolean(r.Context.Spec, r.Task.Toggle.Parameter)
	if err != nil {
		return terminal("InvalidParameter", err.Error())
	}
	if on {
		return e.apply(ctx, r, &r.Task.Toggle.ApplySpec)
	}
	return e.delete(ctx, r, r.Task.Toggle.Resources)
}

// generate creates objects that do not exist yet and never touches those that do.
func (e *Executor) generate(ctx context.Context, r Request) Result {
	objects, err := r.Program.Templates.Objects(r.Task.Generate.Resources, r.Context, render.Options{Random: true})
	if err != nil {
		return terminal("RenderFailed", err.Error())
	}
	result := done()
	result.Recorded = true
	for _, o := range objects {
		live, _, err := e.Applier.Create(ctx, r.Owner, r.stamp(), o, r.Task.Generate.Retain)
		if err != nil {
			return failure(err)
		}
		result.Objects = append(result.Objects, apply.RefOf(live))
	}
	return result
}

// patch applies partial objects under a field manager of the task's own.
func (e *Executor) patch(ctx context.Context, r Request) Result {
	objects, err := r.Program.Templates.Objects(r.Task.Patch.Resources, r.Context, render.Options{})
	if err != nil {
		return terminal("RenderFailed", err.Error())
	}
	var live []*unstructured.Unstructured
	for _, o := range objects {
		l, _, err := e.Applier.Patch(ctx, r.Owner, r.stamp(), api.FieldManager+"-"+r.Task.Name, o)
		if err != nil {
			return failure(err)
		}
		live = append(live, l)
	}
	result := e.judge(ctx, r, live, Result{})
	if result.Outcome == plan.Waiting {
		return result.again(poll)
	}
	return result
}

// failure turns an error of a write into a result.
func failure(err error) Result {
	v := apply.Classify(err)
	r := Result{Outcome: plan.Transient, Reason: v.Reason, Message: v.Message, Again: v.RetryAfter}
	switch {
	case v.Class.Final():
		r.Outcome = plan.Terminal
	case v.Class == apply.Waiting:
		r.Outcome = plan.Waiting
		r.Again = max(r.Again, poll)
	}
	return r
}
