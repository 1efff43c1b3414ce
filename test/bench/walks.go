package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"time"

	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/chain"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
	"github.com/dittofs/dittofs-operator/test/bench/internal/stats"
)

// The engine's instances and the lower bound's objects live in namespaces of their own.
const (
	engineNamespace = "engine"
	lowerNamespace  = "lower"
)

// walks measures plans that are walked by the engine, in this process, and by the lower bound, in
// turn. The kubelet is another process and reports health at once.
func walks(ctx context.Context, o options, b *bed.Bed, s *report.Section) (err error) {
	if err := errors.Join(b.Namespace(ctx, engineNamespace), b.Namespace(ctx, lowerNamespace)); err != nil {
		return err
	}
	e, err := b.StartEngine(ctx, chain.Package(), engineNamespace)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	r, err := newRace(b, e)
	if err != nil {
		return err
	}
	if err := r.measure(ctx, o, s); err != nil {
		return err
	}
	return calls(ctx, r, s)
}

func (r *race) measure(ctx context.Context, o options, s *report.Section) error {
	stop, err := profile(o.profile)
	if err != nil {
		return err
	}
	defer stop()
	err = r.with(0, func() error {
		for _, k := range []chain.Kind{chain.ConfigMaps1, chain.ConfigMaps10, chain.ConfigMaps50, chain.Deployments1, chain.Deployments10, chain.Deployments50} {
			laps, err := r.laps(ctx, k, o.runs)
			if err != nil {
				return err
			}
			overhead(s, k, "", laps)
			if k.Name == chain.Deployments50.Name {
				transitions(s, "at once", laps)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	const delay = 50 * time.Millisecond
	return r.with(delay, func() error {
		laps, err := r.laps(ctx, chain.Deployments50, max(o.runs/2, 1))
		if err != nil {
			return err
		}
		overhead(s, chain.Deployments50, " that takes "+delay.String(), laps)
		transitions(s, "after "+delay.String(), laps)
		return nil
	})
}

// profile profiles this process into a file, if there is to be one.
func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("keep the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

// overhead is M2: what a plan takes, over what the lower bound takes. that describes the objects.
func overhead(s *report.Section, k chain.Kind, that string, l laps) {
	engine, lower := stats.Median(stats.Milliseconds(l.engine.walls)), stats.Median(stats.Milliseconds(l.lower.walls))
	what := fmt.Sprintf("%d serial steps of one %s", len(k.Objects), k.Objects[0]) + that
	ratio := report.Value("M2", what+": engine / lower bound", engine/lower, "").With("n=%d", len(l.engine.walls))
	if len(k.Objects) == 50 {
		ratio = ratio.AtMost(1.1)
	}
	s.Ratio(ratio)
	wall := report.Value("M2", what+": applied to Ready", engine, "ms").With("lower bound %.1f ms", lower)
	if k.Name == chain.ConfigMaps10.Name {
		wall = wall.AtMost(45)
	}
	s.Time(wall)
}

// transitions is M1: from a child's health to the first write of the next step.
func transitions(s *report.Section, when string, l laps) {
	engine, lower := stats.Milliseconds(l.engine.transitions), stats.Milliseconds(l.lower.transitions)
	what := "child healthy (" + when + ") to the next step's first write"
	note := fmt.Sprintf("n=%d", len(engine))
	s.Ratio(report.Value("M1", what+": engine / lower bound, p50", stats.Median(engine)/stats.Median(lower), "").With("%s", note))
	s.Time(
		report.Value("M1", what+", p50", stats.Median(engine), "ms").AtMost(5).With("lower bound %.1f ms, %s", stats.Median(lower), note),
		report.Value("M1", what+", p99", stats.Percentile(engine, 99), "ms").AtMost(25).With("lower bound %.1f ms", stats.Percentile(lower, 99)),
	)
}
