package task

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/health"
	"github.com/dittofs/dittofs-operator/engine/plan"
)

var podTemplates = map[string][]string{
	"Deployment":  {"spec", "template"},
	"StatefulSet": {"spec", "template"},
	"DaemonSet":   {"spec", "template"},
	"ReplicaSet":  {"spec", "template"},
	"Job":         {"spec", "template"},
	"CronJob":     {"spec", "jobTemplate", "spec", "template"},
}

// StampPods labels the Pods of a workload as the instance's, so that they can be watched. The
// labels never change in an instance's life and so never restart a Pod.
func StampPods(o *unstructured.Unstructured, owner apply.Owner) {
	path, ok := podTemplates[o.GetKind()]
	if !ok {
		return
	}
	path = append(append([]string{}, path...), "metadata", "labels")
	labels, _, _ := unstructured.NestedStringMap(o.Object, path...)
	if labels == nil {
		labels = map[string]string{}
	}
	labels[api.LabelInstance] = owner.Object.GetName()
	labels[api.LabelKind] = owner.Object.GetKind()
	labels[api.LabelPackage] = owner.Package
	_ = unstructured.SetNestedStringMap(o.Object, labels, path...)
}

// watch makes changes of the object, and of its Pods, wake the instance.
func (e *Executor) watch(ctx context.Context, o *unstructured.Unstructured) error {
	if err := e.Watch(ctx, o.GroupVersionKind()); err != nil {
		return err
	}
	if _, workload := podTemplates[o.GetKind()]; workload {
		return e.Watch(ctx, schema.GroupVersionKind{Version: "v1", Kind: "Pod"})
	}
	return nil
}

// health judges one object; a workload's Pods tell the true reason of its trouble.
func (e *Executor) health(ctx context.Context, o *unstructured.Unstructured, c *compiled) Result {
	h, err := health.WithRules(o, c.ready, c.failed)
	if err != nil {
		return terminal("InvalidExpression", fmt.Sprintf("%s: %v", apply.RefOf(o), err))
	}
	if h.Status == health.Failed {
		return terminal(h.Reason, h.Message)
	}
	if h.Reason == health.ReasonNotReadyYet && c.message != "" {
		h.Message = fmt.Sprintf("%s %s: %s", o.GetKind(), o.GetName(), c.message)
	}
	if h.Reason == health.ReasonNotReadyYet {
		h = explain(o, h, c.message)
	}
	if _, workload := podTemplates[o.GetKind()]; workload {
		if p := e.podHealth(ctx, o, h.Status == health.Healthy); p != nil {
			h = *p
		}
	}
	if h.Status == health.Healthy {
		return done()
	}
	return waiting(h.Reason, h.Message)
}

// explain says why an object is not as its readyWhen wants it: a Pod tells by itself, others by the
// task's message, if there is one.
func explain(o *unstructured.Unstructured, h health.Result, message string) health.Result {
	if generic := health.Of(o); o.GetKind() == "Pod" && generic.Status == health.Progressing {
		return generic
	}
	if message != "" {
		h.Message = fmt.Sprintf("%s %s: %s", o.GetKind(), o.GetName(), message)
	}
	return h
}

// podHealth asks the Pods of a workload; nil when they have nothing to say.
func (e *Executor) podHealth(ctx context.Context, workload *unstructured.Unstructured, healthy bool) *health.Result {
	pods, err := e.podsOf(ctx, workload)
	if err != nil || len(pods) == 0 {
		return nil
	}
	if healthy {
		return dying(pods)
	}
	return health.Pods(workload, pods)
}

// dying tells of a Pod that is being deleted while its workload still counts it as ready.
func dying(pods []*unstructured.Unstructured) *health.Result {
	for _, p := range pods {
		if p.GetDeletionTimestamp() != nil {
			return &health.Result{Status: health.Progressing, Reason: "PodTerminating", Message: "Pod " + p.GetName() + " is being deleted"}
		}
	}
	return nil
}

func (e *Executor) podsOf(ctx context.Context, workload *unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	selector, _, _ := unstructured.NestedStringMap(workload.Object, "spec", "selector", "matchLabels")
	if len(selector) == 0 {
		return nil, nil
	}
	list := &unstructured.UnstructuredList{}
	list.SetAPIVersion("v1")
	list.SetKind("PodList")
	if err := e.Pods.List(ctx, list, client.InNamespace(workload.GetNamespace()), client.MatchingLabels(selector), client.HasLabels{api.LabelInstance}); err != nil {
		return nil, fmt.Errorf("list Pods of %s: %w", workload.GetName(), err)
	}
	pods := make([]*unstructured.Unstructured, len(list.Items))
	for i := range list.Items {
		pods[i] = &list.Items[i]
	}
	return pods, nil
}

// Health judges an object by the generic rules, or by those of the task that made it.
func (e *Executor) Health(ctx context.Context, p *Program, taskName string, o *unstructured.Unstructured) (ok bool, reason, message string) {
	c := p.tasks[taskName]
	if c == nil || p.Kind.Task(taskName).Kind == api.TaskHttp {
		c = &compiled{}
	}
	r := e.health(ctx, o, c)
	return r.Outcome == plan.Done, r.Reason, r.Message
}
