package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/chain"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
)

const (
	idle = time.Minute
	// settle is what Events and the last echoes need.
	settle = time.Second
)

// calls is M3: what the engine asks of the API server.
func calls(ctx context.Context, r *race, s *report.Section) error {
	for _, k := range []chain.Kind{chain.ConfigMaps10, chain.Deployments10, chain.Deployments50} {
		if err := r.with(0, func() error { return r.count(ctx, k, s) }); err != nil {
			return err
		}
	}
	r.engine.Calls.Take()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(idle):
	}
	t := tally(r.engine.Calls.Take())
	what := fmt.Sprintf("%d instances at rest for %s", r.started/2, idle)
	s.Ratio(
		report.Value("M3", what+": writes", float64(t.writes), "").AtMost(0).With("%s", t),
		report.Value("M3", what+": reads", float64(t.reads), "").AtMost(1),
	)
	return nil
}

// count counts a first run, a second one over objects that stay the same, and applying the same
// instance again.
func (r *race) count(ctx context.Context, k chain.Kind, s *report.Section) error {
	r.started++
	name := fmt.Sprintf("r%03d", r.started)
	r.engine.Calls.Take()
	if _, err := r.runEngine(ctx, k, name); err != nil {
		return err
	}
	time.Sleep(settle)
	t, n := tally(r.engine.Calls.Take()), len(k.Objects)
	what := fmt.Sprintf("%d steps of one %s: ", n, k.Objects[0])
	s.Ratio(
		report.Value("M3", what+"writes of a run", float64(t.writes), "").AtMost(float64(n+2*n+2)).With("%s; %d Events", t, t.events),
		report.Value("M3", what+"reads of a run", float64(t.reads), "").With("%s", named(t.read)),
	)
	again, err := r.again(ctx, k, name)
	if err != nil {
		return err
	}
	object := strings.ToLower(k.Objects[0]) + "s"
	s.Ratio(report.Value("M3", what+"object writes of a second run", float64(again.by["patch "+object]+again.by["create "+object]), "").AtMost(0).With("%s", again))
	if k.Name == chain.Deployments50.Name {
		if err := r.weigh(ctx, k, name, s); err != nil {
			return err
		}
	}
	for range 10 {
		if err := r.bed.Client.Patch(ctx, k.Instance(engineNamespace, name), client.Merge, client.FieldOwner("bench")); err != nil {
			return fmt.Errorf("apply %s again: %w", name, err)
		}
	}
	time.Sleep(settle)
	same := tally(r.engine.Calls.Take())
	s.Ratio(report.Value("M3", what+"writes when the instance is applied again 10 times", float64(same.writes), "").AtMost(0).With("%s", same))
	return nil
}

// again changes what no object holds, so that the plan runs over objects that stay the same.
func (r *race) again(ctx context.Context, k chain.Kind, name string) (*counted, error) {
	ready, err := r.bed.WatchReady(ctx, k, engineNamespace)
	if err != nil {
		return nil, err
	}
	defer ready.Stop()
	patch := client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"note":"again"}}`))
	if err := r.bed.Client.Patch(ctx, k.Instance(engineNamespace, name), patch); err != nil {
		return nil, fmt.Errorf("edit %s: %w", name, err)
	}
	time.Sleep(settle) // the watch begins with what was ready before
	if err := r.untilReady(ctx, k, name); err != nil {
		return nil, err
	}
	time.Sleep(settle)
	return tally(r.engine.Calls.Take()), nil
}

func (r *race) untilReady(ctx context.Context, k chain.Kind, name string) error {
	o := k.Instance(engineNamespace, name)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if err := r.bed.Client.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
			return fmt.Errorf("get %s: %w", name, err)
		}
		if bed.IsReady(o) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not become ready: %v", name, o.Object["status"])
		}
	}
}

// weigh is the size of the status with two runs behind it.
func (r *race) weigh(ctx context.Context, k chain.Kind, name string, s *report.Section) error {
	o := k.Instance(engineNamespace, name)
	if err := r.bed.Client.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
		return fmt.Errorf("get %s: %w", name, err)
	}
	status, err := json.Marshal(o.Object["status"])
	if err != nil {
		return fmt.Errorf("weigh the status: %w", err)
	}
	s.Ratio(report.Value("M13", fmt.Sprintf("status after %d steps", len(k.Objects)), float64(len(status)), "bytes").AtMost(16 << 10))
	return nil
}

// counted are calls by what they do.
type counted struct {
	writes, reads, events int
	by, read              map[string]int
}

func tally(calls []bed.Call) *counted {
	t := &counted{by: map[string]int{}, read: map[string]int{}}
	for _, c := range calls {
		what := c.Verb + " " + c.Resource
		if c.Sub != "" {
			what += "/" + c.Sub
		}
		switch {
		case c.Event():
			t.events++
		case c.Write():
			t.writes++
			t.by[what]++
		default:
			t.reads++
			t.read[what]++
		}
	}
	return t
}

// String lists the writes.
func (t *counted) String() string { return named(t.by) }

func named(counts map[string]int) string {
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[what], what))
	}
	return strings.Join(parts, ", ")
}
