package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/schema"
	operatorpackage "github.com/dittofs/dittofs-operator/operator-package"
	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/chain"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
)

const microNamespace = "micro"

// micro is M12: the engine's inner loops, without the network.
func micro(ctx context.Context, _ options, b *bed.Bed, s *report.Section) error {
	if err := advance(s); err != nil {
		return err
	}
	d, err := newDeploy(chain.Pair.Instance(microNamespace, "one"))
	if err != nil {
		return err
	}
	objects, err := d.objects()
	if err != nil {
		return err
	}
	took := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			_, _ = d.objects() // has just been seen to work
		}
	})
	s.Time(loop(fmt.Sprintf("render of a whole DittoFS deploy, %d objects", len(objects)), took))
	return compare(ctx, b, s, objects)
}

func loop(what string, r testing.BenchmarkResult) report.Row {
	return report.Value("M12", what, float64(r.NsPerOp())/1000, "us").With("%d allocations, %d KiB", r.AllocsPerOp(), r.AllocedBytesPerOp()/1024)
}

// advance measures a look at a run of 20 phases of 20 steps in which nothing is new, at its
// beginning and at its end.
func advance(s *report.Section) error {
	p, problems := plan.Compile(grid(20, 20), "grid")
	if err := problems.Err(); err != nil {
		return err
	}
	in := plan.Input{Now: time.Now()}
	run := plan.Advance(p, plan.Start(p, plan.StartInput{UID: "1", Now: in.Now}), nil, in)
	early := look(p, run, in)
	for range 19 {
		run = plan.Advance(p, run, done(plan.Actions(p, &run, in)), in)
	}
	late := look(p, run, in)
	s.Ratio(report.Value("M12", "a look at a run of 400 steps: further allocations when 380 are done", float64(late.AllocsPerOp()-early.AllocsPerOp()), "").AtMost(4))
	s.Time(loop("a look at a run of 400 steps, none done", early), loop("a look at a run of 400 steps, 380 done", late))
	return nil
}

func look(p *plan.Plan, run api.Run, in plan.Input) testing.BenchmarkResult {
	return testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			plan.Advance(p, run, nil, in)
		}
	})
}

func done(actions []plan.Action) []plan.Observation {
	var all []plan.Observation
	for _, a := range actions {
		all = append(all, plan.Observation{Step: a.Step, Task: a.Task, Outcome: plan.Done})
	}
	return all
}

// grid is a kind with one plan of serial phases of parallel steps.
func grid(phases, steps int) *api.Kind {
	p := api.Plan{Name: "grid"}
	for i := range phases {
		phase := api.Phase{Name: fmt.Sprintf("p%02d", i), Strategy: api.Parallel}
		for j := range steps {
			phase.Steps = append(phase.Steps, api.Step{Name: fmt.Sprintf("s%02d", j), Tasks: []string{"nothing"}})
		}
		p.Phases = append(p.Phases, phase)
	}
	return &api.Kind{Plans: []api.Plan{p}, Tasks: []api.Task{{Name: "nothing", Kind: api.TaskDummy, Dummy: &api.DummySpec{}}}}
}

// deploy renders what the DittoFS package's first plan makes for a minimal instance.
type deploy struct {
	kind    *api.Kind
	set     *render.Set
	context render.Context
}

func newDeploy(owner *unstructured.Unstructured) (*deploy, error) {
	p, problems := packages.Load(operatorpackage.FS())
	if err := problems.Err(); err != nil {
		return nil, err
	}
	k := p.Kind("DittoFS")
	set, err := render.New(k.Templates)
	if err != nil {
		return nil, err
	}
	full, err := schema.New(k)
	if err != nil {
		return nil, err
	}
	return &deploy{k, set, render.Context{
		Name: owner.GetName(), Namespace: owner.GetNamespace(), Object: owner.Object, Spec: full.Default(map[string]any{}),
		Plan: "deploy", Run: "00000000", Package: render.PackageInfo{Name: p.Name, Version: p.Version, AppVersion: p.AppVersion},
	}}, nil
}

func (d *deploy) objects() ([]*unstructured.Unstructured, error) {
	var all []*unstructured.Unstructured
	for _, phase := range d.kind.Plan("deploy").Phases {
		for _, step := range phase.Steps {
			for _, name := range step.Tasks {
				resources, random := resources(d.kind.Task(name))
				objects, err := d.set.Objects(resources, d.context, render.Options{Random: random})
				if err != nil {
					return nil, err
				}
				all = append(all, objects...)
			}
		}
	}
	return all, nil
}

// resources are the templates of a task, and whether they may be random.
func resources(t *api.Task) ([]string, bool) {
	switch {
	case t.Apply != nil:
		return t.Apply.Resources, false
	case t.Toggle != nil:
		return t.Toggle.Resources, false
	case t.Generate != nil:
		return t.Generate.Resources, true
	}
	return nil, false
}

// compare measures an apply that finds nothing to do: the server's StatefulSet, as the API server
// has completed it, is in the cache already.
func compare(ctx context.Context, b *bed.Bed, s *report.Section, objects []*unstructured.Unstructured) error {
	if err := b.Namespace(ctx, microNamespace); err != nil {
		return err
	}
	var server *unstructured.Unstructured
	for _, o := range objects {
		if o.GetKind() == "StatefulSet" {
			server = o
		}
	}
	if server == nil {
		return errors.New("the deploy plan renders no StatefulSet")
	}
	owner := chain.Pair.Instance(microNamespace, "one")
	owner.SetUID("00000000-0000-0000-0000-000000000000")
	o, stamp := apply.Owner{Object: owner, Package: "bench"}, apply.Stamp{Plan: "deploy", Step: "server/roll", Run: "00000000"}
	direct := &apply.Applier{Cache: b.Client, Live: b.Client, Client: b.Client, Mapper: b.Client.RESTMapper()}
	live, _, err := direct.Apply(ctx, o, stamp, server, apply.Options{})
	if err != nil {
		return err
	}
	cached := &apply.Applier{Cache: holding{live: live}, Mapper: b.Client.RESTMapper()}
	_, change, err := cached.Apply(ctx, o, stamp, server, apply.Options{})
	if err != nil || change != apply.Unchanged {
		return fmt.Errorf("applying the same StatefulSet again: %s, %w", change, err)
	}
	s.Time(loop("apply of an unchanged StatefulSet", testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			_, _, _ = cached.Apply(ctx, o, stamp, server, apply.Options{}) // has just been seen to work
		}
	})))
	return nil
}

// holding is a cache with one object.
type holding struct {
	client.Reader
	live *unstructured.Unstructured
}

// Get returns a copy of the object, as caches do.
func (h holding) Get(_ context.Context, _ client.ObjectKey, o client.Object, _ ...client.GetOption) error {
	h.live.DeepCopy().DeepCopyInto(o.(*unstructured.Unstructured))
	return nil
}
