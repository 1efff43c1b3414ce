package task

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/render"
)

// Executor carries out tasks. It is safe for concurrent use.
type Executor struct {
	// Applier writes objects.
	Applier *apply.Applier
	// Pods finds the Pods of a workload for the true reason of its trouble.
	Pods client.Reader
	// Secrets reads credentials, uncached.
	Secrets client.Reader
	// Calls keeps network calls that are in flight.
	Calls *Calls
	// Resolve finds the network address of a Service's port.
	Resolve Resolver
	// Watch is called with each kind of object that an instance owns, so that changes wake it.
	Watch func(ctx context.Context, gvk schema.GroupVersionKind) error
}

// Request is one task of one run.
type Request struct {
	Owner   apply.Owner
	Program *Program
	Task    *api.Task
	Context render.Context
	// Inventory is what all tasks of the instance have made so far.
	Inventory []api.TaskObjects
}

// Result is how one try of a task ended.
type Result struct {
	Outcome plan.Outcome
	// Reason is a CamelCase word; Message says it in a sentence.
	Reason, Message string
	// InFlight says that something irreversible has begun and not answered yet.
	InFlight bool
	// Objects is the task's new inventory when Recorded.
	Objects  []api.ObjectRef
	Recorded bool
	// Removed are objects that no longer exist on behalf of any task.
	Removed []api.ObjectRef
	// Outputs are the task's results.
	Outputs map[string]string
	// Again asks for another try after this time; 0 leaves that to events.
	Again time.Duration
}

// Do carries out one try of a task. It does not block on anything that may be slow.
func (e *Executor) Do(ctx context.Context, r Request) Result {
	switch r.Task.Kind {
	case api.TaskApply:
		return e.apply(ctx, r, r.Task.Apply)
	case api.TaskToggle:
		return e.toggle(ctx, r)
	case api.TaskDelete:
		return e.delete(ctx, r, r.Task.Delete.Resources)
	case api.TaskPatch:
		return e.patch(ctx, r)
	case api.TaskGenerate:
		return e.generate(ctx, r)
	case api.TaskWait:
		return e.wait(ctx, r)
	case api.TaskHttp:
		return e.http(ctx, r)
	case api.TaskConnect:
		return e.connect(ctx, r)
	case api.TaskDummy:
		return dummy(r.Task.Dummy)
	}
	return terminal("UnknownTaskKind", "task "+r.Task.Name+" has the kind "+string(r.Task.Kind)+", which this engine does not know")
}

func (r *Request) stamp() apply.Stamp {
	return apply.Stamp{Plan: r.Context.Plan, Step: r.Context.Step, Run: r.Context.Run}
}

func (r *Request) expressions() *compiled { return r.Program.tasks[r.Task.Name] }

func done() Result { return Result{Outcome: plan.Done} }

func waiting(reason, message string) Result {
	return Result{Outcome: plan.Waiting, Reason: reason, Message: message}
}

func transient(reason, message string) Result {
	return Result{Outcome: plan.Transient, Reason: reason, Message: message}
}

func terminal(reason, message string) Result {
	return Result{Outcome: plan.Terminal, Reason: reason, Message: message}
}

// poll is how often things are looked at that send no events.
const poll = time.Second

func (r Result) again(d time.Duration) Result {
	r.Again = d
	return r
}
