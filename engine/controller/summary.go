package controller

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
)

// verdict is what the three conditions of every kind say together.
type verdict struct {
	ready, reconciling, stalled bool
	reason, message             string
}

// summarise turns everything that is known into conditions and the package's own status fields.
func (s *scope) summarise(ctx context.Context) error {
	s.status.ObservedGeneration = s.object.GetGeneration()
	unhealthy, err := s.observe(ctx)
	if err != nil {
		return err
	}
	v := s.judge(unhealthy)
	s.condition(api.ConditionReady, v.ready, v)
	s.condition(api.ConditionReconciling, v.reconciling, v)
	s.condition(api.ConditionStalled, v.stalled, v)
	if s.model == nil {
		return nil
	}
	s.packageStatus()
	return s.revisions.trim(ctx, s.object, s.usedRevisions())
}

// observe reads the owned objects from the cache and returns what is wrong with the first that is
// not healthy.
func (s *scope) observe(ctx context.Context) (*trouble, error) {
	s.owned = map[string]*unstructured.Unstructured{}
	var first *trouble
	for _, t := range s.status.Inventory {
		for _, ref := range t.Objects {
			if uncached(schema.FromAPIVersionAndKind(ref.APIVersion, ref.Kind)) {
				continue
			}
			wrong, err := s.observeOne(ctx, t.Task, ref)
			if err != nil {
				return nil, err
			}
			if first == nil {
				first = wrong
			}
		}
	}
	return first, nil
}

func (s *scope) observeOne(ctx context.Context, taskName string, ref api.ObjectRef) (*trouble, error) {
	o, err := s.look(ctx, ref)
	if apply.Classify(err).Reason == apply.ReasonNotFound {
		return &trouble{"ObjectMissing", fmt.Sprintf("%s does not exist", ref)}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", ref, err)
	}
	s.owned[ref.String()] = o
	if s.model == nil || s.running() {
		return nil, nil
	}
	if ok, reason, message := s.Executor.Health(ctx, s.model.program, taskName, o); !ok {
		return &trouble{reason, message}, nil
	}
	return nil, nil
}

// look reads an owned object. In the middle of a run the cache is enough: nobody asks yet whether
// all is well, and what was made a moment ago is about to arrive.
func (s *scope) look(ctx context.Context, ref api.ObjectRef) (*unstructured.Unstructured, error) {
	if s.running() {
		return s.Executor.Applier.Peek(ctx, ref)
	}
	return s.Executor.Applier.Get(ctx, ref)
}

// judge decides, in the order of what a person needs to know first.
func (s *scope) judge(unhealthy *trouble) verdict {
	run := s.status.Plan
	switch {
	case s.object.GetDeletionTimestamp() != nil:
		return s.judgeDeletion()
	case s.trouble != nil:
		return verdict{stalled: true, reason: s.trouble.reason, message: s.trouble.message}
	case s.running() && run.HeldAt != nil:
		return verdict{reconciling: true, reason: "Suspended", message: "suspended in " + s.progress() + "; set spec.operation.suspend to false to go on"}
	case s.running():
		return verdict{reconciling: true, reason: "PlanRunning", message: s.progress()}
	case s.held:
		return verdict{reconciling: true, reason: "Suspended", message: "the spec has changed and no plan is started; set spec.operation.suspend to false to go on"}
	case run != nil && run.State == api.RunFailed:
		return verdict{stalled: true, reason: failedReason(run), message: advised(run.Message, s.whatNext())}
	case unhealthy != nil:
		return verdict{reason: unhealthy.reason, message: unhealthy.message}
	case run == nil:
		return verdict{reconciling: true, reason: "Pending", message: "no plan has run yet"}
	}
	return verdict{ready: true, reason: "PlanComplete", message: fmt.Sprintf("plan %s is complete and all objects are healthy", run.Name)}
}

// advised joins what went wrong and what to do, so that the latter is never cut off.
func advised(message, advice string) string {
	if room := api.MaxMessageLength - len(advice); len(message) > room {
		message = message[:room-3] + "..."
	}
	return message + advice
}

// whatNext says what will happen, or must be done, after a failed run.
func (s *scope) whatNext() string {
	if at, ok := s.retryAt(); ok {
		return "; tried again at " + at.UTC().Format("15:04:05 UTC") + " or when the spec changes"
	}
	return "; change the spec to try again"
}

func (s *scope) judgeDeletion() verdict {
	run := s.status.Plan
	switch {
	case s.trouble != nil && s.trouble.reason == "CleanupBlocked":
		return verdict{stalled: true, reason: s.trouble.reason, message: s.trouble.message}
	case s.trouble != nil:
		return verdict{reconciling: true, reason: s.trouble.reason, message: s.trouble.message}
	case run != nil && run.State == api.RunFailed:
		return verdict{stalled: true, reason: "CleanupFailed", message: advised(run.Message, "; it is tried again every minute")}
	case s.running():
		return verdict{reconciling: true, reason: "Deleting", message: s.progress()}
	}
	return verdict{reconciling: true, reason: "Deleting", message: "the instance is being deleted"}
}

// progress says in one sentence how far the run is and what it waits for.
func (s *scope) progress() string {
	run := s.status.Plan
	text := fmt.Sprintf("plan %s %s", run.Name, run.Progress)
	if run.Step != "" {
		text += ", step " + run.Step
	}
	if run.Message != "" {
		text += ": " + run.Message
	}
	return short(text)
}

// failedReason is the reason of the step that failed the run.
func failedReason(run *api.Run) string {
	for _, step := range run.Steps {
		if step.State == api.StepFailed && step.Reason != "" {
			return step.Reason
		}
	}
	return "PlanFailed"
}

func (s *scope) condition(name string, is bool, v verdict) {
	status := metav1.ConditionFalse
	if is {
		status = metav1.ConditionTrue
	}
	s.set(metav1.Condition{Type: name, Status: status, Reason: v.reason, Message: v.message})
}

func (s *scope) set(c metav1.Condition) {
	c.ObservedGeneration = s.object.GetGeneration()
	c.LastTransitionTime = s.now()
	c.Message = short(c.Message)
	meta.SetStatusCondition(&s.status.Conditions, c)
}

// packageStatus evaluates the status fields and conditions that the package declares.
func (s *scope) packageStatus() {
	vars := s.statusVars()
	s.fields = map[string]any{}
	for name, program := range s.model.fields {
		if v, ok, err := program.Value(vars); err == nil && ok {
			s.fields[name] = v
		}
	}
	for _, c := range s.model.conditions {
		s.set(c.evaluate(vars))
	}
}

func (c *condition) evaluate(vars map[string]any) metav1.Condition {
	is, err := c.when.Bool(vars)
	if err != nil {
		return metav1.Condition{Type: c.rule.Type, Status: metav1.ConditionUnknown, Reason: "NotKnownYet", Message: "what this depends on does not exist yet"}
	}
	status, text, program := metav1.ConditionFalse, c.rule.False, c.falseText
	if is {
		status, text, program = metav1.ConditionTrue, c.rule.True, c.trueText
	}
	message, err := program.String(vars)
	if err != nil {
		message = text.Reason
	}
	return metav1.Condition{Type: c.rule.Type, Status: status, Reason: text.Reason, Message: message}
}

// statusVars are what the package's status expressions see. Of the status that is the revision carried
// out last, which tells what has run before from what has never come up.
func (s *scope) statusVars() map[string]any {
	objects := make(map[string]any, len(s.owned))
	for name, o := range s.owned {
		objects[name] = o.Object
	}
	self := map[string]any{
		"metadata": s.object.Object["metadata"],
		"spec":     map[string]any{},
		"status":   map[string]any{"revision": s.status.Revision},
	}
	if s.wish != nil {
		self["spec"] = s.wish.Spec
	}
	return map[string]any{"self": self, "objects": objects, "outputs": outputs(s.status.Outputs)}
}
