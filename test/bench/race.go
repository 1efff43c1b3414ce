package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/chain"
	"github.com/dittofs/dittofs-operator/test/bench/internal/lower"
)

// race lets the engine and the lower bound make the same objects in turn.
type race struct {
	bed     *bed.Bed
	kubelet *bed.Kubelet
	engine  *bed.Engine
	pkg     *api.Package

	lower      dynamic.Interface
	lowerCalls *bed.Recorder
	started    int
}

// laps are the runs of one plan by both.
type laps struct{ engine, lower times }

// times are what the runs took, and what each step waited after the one before was healthy.
type times struct{ walls, transitions []time.Duration }

func newRace(b *bed.Bed, e *bed.Engine) (*race, error) {
	p, problems := packages.Load(chain.Package())
	if err := problems.Err(); err != nil {
		return nil, err
	}
	r := &race{bed: b, engine: e, pkg: p, lowerCalls: &bed.Recorder{}}
	var err error
	r.lower, err = dynamic.NewForConfig(r.lowerCalls.Wrap(b.Config))
	return r, err
}

// with runs f beside a kubelet.
func (r *race) with(delay time.Duration, f func() error) error {
	k, err := r.bed.StartKubelet(delay)
	if err != nil {
		return err
	}
	defer k.Stop()
	r.kubelet = k
	return f()
}

// laps runs a plan n times by each, after one run that is not counted.
func (r *race) laps(ctx context.Context, k chain.Kind, n int) (laps, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	var l laps
	for i := range n + 1 {
		engine, err := r.lap(ctx, k, engineNamespace, r.engine.Calls, r.runEngine)
		if err != nil {
			return l, fmt.Errorf("engine: %w", err)
		}
		bound, err := r.lap(ctx, k, lowerNamespace, r.lowerCalls, r.runLower)
		if err != nil {
			return l, fmt.Errorf("lower bound: %w", err)
		}
		if i > 0 {
			l.engine.add(engine)
			l.lower.add(bound)
		}
	}
	return l, nil
}

func (t *times) add(o times) {
	t.walls = append(t.walls, o.walls...)
	t.transitions = append(t.transitions, o.transitions...)
}

func (r *race) lap(ctx context.Context, k chain.Kind, namespace string, calls *bed.Recorder, run func(context.Context, chain.Kind, string) (time.Duration, error)) (times, error) {
	r.started++
	name := fmt.Sprintf("r%03d", r.started)
	calls.Take()
	wall, err := run(ctx, k, name)
	if err != nil {
		return times{}, err
	}
	time.Sleep(50 * time.Millisecond) // for what follows, such as Events, and the kubelet's last word
	t := times{walls: []time.Duration{wall}}
	if k.Waits() {
		t.transitions, err = r.transitions(k, namespace, name, calls.Take())
	}
	return t, err
}

// runEngine creates an instance and waits until it is seen ready.
func (r *race) runEngine(ctx context.Context, k chain.Kind, name string) (time.Duration, error) {
	ready, err := r.bed.WatchReady(ctx, k, engineNamespace)
	if err != nil {
		return 0, err
	}
	defer ready.Stop()
	begun := time.Now()
	if err := r.bed.Client.Create(ctx, k.Instance(engineNamespace, name)); err != nil {
		return 0, fmt.Errorf("create %s: %w", name, err)
	}
	at, err := ready.Wait(ctx, name)
	return at.Sub(begun), err
}

// runLower makes the objects of an instance that nobody has created.
func (r *race) runLower(ctx context.Context, k chain.Kind, name string) (time.Duration, error) {
	objects, err := r.objects(k, name)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	err = lower.Run(ctx, r.lower, objects, api.LabelInstance+"="+name)
	return time.Since(begun), err
}

// objects renders what the engine applies, with labels and annotations of the same size.
func (r *race) objects(k chain.Kind, name string) ([]*unstructured.Unstructured, error) {
	kind := r.pkg.Kind(k.Name)
	set, err := render.New(kind.Templates)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range kind.Tasks {
		names = append(names, t.Apply.Resources...)
	}
	objects, err := set.Objects(names, render.Context{Name: name, Namespace: lowerNamespace, Spec: map[string]any{"size": int64(1), "note": "none"}}, render.Options{})
	for _, o := range objects {
		o.SetNamespace(lowerNamespace)
		o.SetLabels(map[string]string{api.LabelInstance: name, api.LabelKind: k.Name, api.LabelPackage: "bench"})
		o.SetAnnotations(map[string]string{api.Prefix + "plan": "deploy", api.Prefix + "step": "main/s01", api.Prefix + "run": "00000000"})
	}
	return objects, err
}

// transitions are the times from one object's health to the first write of the next.
func (r *race) transitions(k chain.Kind, namespace, name string, calls []bed.Call) ([]time.Duration, error) {
	first := map[string]time.Time{}
	for _, c := range calls {
		if _, known := first[c.Object]; !known && c.Write() {
			first[c.Object] = c.At
		}
	}
	var out []time.Duration
	for i := range len(k.Objects) - 1 {
		healed, ok := r.kubelet.Healed(namespace, chain.ObjectName(name, i))
		next, written := first[chain.ObjectName(name, i+1)]
		if !ok || !written {
			return nil, errors.New("nothing is known of step " + chain.ObjectName(name, i))
		}
		out = append(out, next.Sub(healed))
	}
	return out, nil
}
