package controller

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/task"
)

// parallelism bounds how many tasks of one instance are carried out at once.
const parallelism = 16

// walk takes the run as far as it goes without waiting. It says whether the run is over.
func (s *scope) walk(ctx context.Context) (over bool, err error) {
	frozen, err := s.frozen(ctx)
	if err != nil {
		return false, err
	}
	return s.walkWish(ctx, frozen)
}

// frozen returns the wish that the run carries out. A run whose revision is lost cannot go on.
func (s *scope) frozen(ctx context.Context) (*wish, error) {
	w, err := s.revisions.get(ctx, s.object, s.status.Plan.Revision)
	if err != nil {
		return nil, err
	}
	if w == nil {
		s.abandon("the revision that the run carries out was deleted; the engine begins anew")
	}
	return w, nil
}

// abandon fails the run without touching anything.
func (s *scope) abandon(message string) {
	now := s.now()
	s.status.Plan.State, s.status.Plan.Message, s.status.Plan.FinishedAt = api.RunFailed, message, &now
}

func (s *scope) walkWish(ctx context.Context, w *wish) (over bool, err error) {
	if w == nil {
		s.finish()
		return true, nil
	}
	compiled := s.model.plans[s.status.Plan.Name]
	if compiled == nil {
		s.abandon("the package has no plan " + s.status.Plan.Name + " any more")
		s.finish()
		return true, nil
	}
	old, err := s.revisions.get(ctx, s.object, s.status.Plan.FromRevision)
	if err != nil {
		return false, err
	}
	p := &pass{scope: s, plan: compiled, wish: w, old: old, tried: map[string]bool{}}
	if err := p.walk(ctx); err != nil {
		return false, err
	}
	if !s.status.Plan.State.Terminal() {
		if at, ok := plan.Wake(compiled, s.status.Plan, p.input()); ok {
			s.wake(max(at.Sub(s.Now()), time.Millisecond))
		}
		return false, nil
	}
	s.finish()
	return true, nil
}

// pass is one walk over a run: each task is tried at most once in it.
type pass struct {
	*scope
	plan  *plan.Plan
	wish  *wish
	old   *wish
	tried map[string]bool
}

func (p *pass) walk(ctx context.Context) error {
	var seen []plan.Observation
	for {
		*p.status.Plan = plan.Advance(p.plan, *p.status.Plan, seen, p.input())
		actions := p.untried(plan.Actions(p.plan, p.status.Plan, p.input()))
		if len(actions) == 0 {
			return nil
		}
		if err := p.writeAhead(ctx, actions); err != nil {
			return err
		}
		var err error
		if seen, err = p.execute(ctx, actions); err != nil {
			return err
		}
	}
}

// input is what the pure machine may know besides its record.
func (p *pass) input() plan.Input {
	return plan.Input{Now: p.Now(), Hold: p.operation.Suspend && p.object.GetDeletionTimestamp() == nil, Supersede: p.superseded(), Vars: p.vars()}
}

// superseded says whether the instance asks for something else than the run carries out.
func (p *pass) superseded() bool {
	if p.object.GetDeletionTimestamp() != nil {
		return !p.deleting()
	}
	return p.wish != p.scope.wish && (p.scope.wish == nil || !p.wish.equal(p.scope.wish))
}

func (p *pass) vars() map[string]any {
	vars := map[string]any{"spec": p.wish.Spec, "old": map[string]any{}, "outputs": outputs(p.status.Outputs), "plan": p.plan.Name}
	if p.old != nil {
		vars["old"] = p.old.Spec
	}
	return vars
}

func outputs(o map[string]map[string]string) map[string]any {
	out := make(map[string]any, len(o))
	for name, values := range o {
		m := make(map[string]any, len(values))
		for k, v := range values {
			m[k] = v
		}
		out[name] = m
	}
	return out
}

func (p *pass) untried(actions []plan.Action) []plan.Action {
	fresh := actions[:0:0]
	for _, a := range actions {
		if key := a.Step + "/" + a.Task; !p.tried[key] && !a.Observe {
			p.tried[key] = true
			fresh = append(fresh, a)
		}
	}
	return fresh
}

// writeAhead books and saves the intent of calls whose repetition would hurt.
func (p *pass) writeAhead(ctx context.Context, actions []plan.Action) error {
	var intents []plan.Observation
	for _, a := range actions {
		if task.OneShot(p.model.kind.Task(a.Task)) && !p.inFlight(a) {
			intents = append(intents, plan.Observation{Step: a.Step, Task: a.Task, Outcome: plan.Waiting, Reason: task.ReasonCalling, Message: "the call is about to be made", InFlight: true})
		}
	}
	if len(intents) == 0 {
		return nil
	}
	*p.status.Plan = plan.Advance(p.plan, *p.status.Plan, intents, p.input())
	return p.save(ctx)
}

// inFlight says whether the intent of the call is written down already.
func (p *pass) inFlight(a plan.Action) bool {
	step := p.status.Plan.StepStatus(a.Step)
	return step != nil && slices.Contains(step.InFlight, a.Task)
}

// execute carries the actions out side by side and books what came of them.
func (p *pass) execute(ctx context.Context, actions []plan.Action) ([]plan.Observation, error) {
	steps := plan.ByStep(actions)
	observed := make([][]plan.Observation, len(steps))
	var group errgroup.Group
	group.SetLimit(parallelism)
	var booking sync.Mutex
	for i, step := range steps {
		requests := p.requests(step)
		group.Go(func() error {
			observed[i] = plan.Attempt(step, func(a plan.Action) plan.Observation {
				r := p.Executor.Do(ctx, requests[a.Task])
				booking.Lock()
				defer booking.Unlock()
				return p.book(ctx, a, r)
			})
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(observed...), nil
}

// requests prepares the actions of one step; what they read does not change while they are tried.
func (p *pass) requests(actions []plan.Action) map[string]task.Request {
	requests := make(map[string]task.Request, len(actions))
	for _, a := range actions {
		requests[a.Task] = p.request(a)
	}
	return requests
}

func (p *pass) request(a plan.Action) task.Request {
	return task.Request{
		Owner:     p.owner(),
		Program:   p.model.program,
		Task:      p.model.kind.Task(a.Task),
		Inventory: p.status.Inventory,
		Context: render.Context{
			Name:      p.object.GetName(),
			Namespace: p.object.GetNamespace(),
			Object:    map[string]any{"metadata": map[string]any{"name": p.object.GetName(), "namespace": p.object.GetNamespace(), "uid": string(p.object.GetUID())}},
			Spec:      p.wish.Spec,
			Outputs:   outputs(p.status.Outputs),
			Plan:      p.plan.Name,
			Step:      a.Step,
			Run:       p.status.Plan.UID,
			Package:   render.PackageInfo{Name: p.model.pkg.Name, Version: p.model.pkg.Version, AppVersion: p.model.pkg.AppVersion},
			Engine:    p.Engine,
		},
	}
}

// book records what a try has changed in the world and says what it came to.
func (p *pass) book(ctx context.Context, a plan.Action, r task.Result) plan.Observation {
	if r.Recorded {
		p.status.Inventory = apply.Set(p.status.Inventory, a.Task, r.Objects)
	}
	for _, ref := range r.Removed {
		p.status.Inventory = apply.Remove(p.status.Inventory, ref)
	}
	if r.Outputs != nil {
		if p.status.Outputs == nil {
			p.status.Outputs = map[string]map[string]string{}
		}
		p.status.Outputs[a.Task] = r.Outputs
	}
	p.wake(r.Again)
	log.FromContext(ctx).V(1).Info("task tried", "run", p.status.Plan.UID, "step", a.Step, "task", a.Task, "outcome", r.Outcome, "reason", r.Reason, "message", r.Message)
	return plan.Observation{Step: a.Step, Task: a.Task, Outcome: r.Outcome, Reason: r.Reason, Message: r.Message, InFlight: r.InFlight}
}
