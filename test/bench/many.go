package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/chain"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
	"github.com/dittofs/dittofs-operator/test/bench/internal/stats"
)

const (
	manyNamespace = "many"
	// rest is how long the manager is left alone before it is weighed.
	rest = 5 * time.Second
)

// many is M4 and the memory of M13: the manager's own program with many instances at once.
func many(ctx context.Context, o options, b *bed.Bed, s *report.Section) (err error) {
	if err := b.Namespace(ctx, manyNamespace); err != nil {
		return err
	}
	k, err := b.StartKubelet(0)
	if err != nil {
		return err
	}
	defer k.Stop()
	m, err := b.StartManager(o.manager, chain.Package(), manyNamespace)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Stop()) }()
	if err := crowd(ctx, b, s, 1); err != nil { // the manager is up
		return err
	}
	if err := weigh(m, s, "with 1 instance at rest", 40); err != nil {
		return err
	}
	for _, c := range []struct {
		n, total int
		aim      float64
	}{{100, 101, 0}, {300, 401, 0}} {
		if err := crowd(ctx, b, s, c.n); err != nil {
			return err
		}
		if err := weigh(m, s, fmt.Sprintf("with %d instances at rest", c.total), c.aim); err != nil {
			return err
		}
	}
	return nil
}

func weigh(m *bed.Manager, s *report.Section, when string, aim float64) error {
	time.Sleep(rest)
	mib, err := m.Memory()
	row := report.Value("M13", "manager's memory (RSS) "+when, mib.Resident, "MiB").With("%.1f MiB without the program's own pages", mib.Own)
	if aim > 0 {
		row = row.AtMost(aim)
	}
	s.Time(row)
	return err
}

// crowd creates n instances at once and waits until all are ready.
func crowd(ctx context.Context, b *bed.Bed, s *report.Section, n int) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	ready, err := b.WatchReady(ctx, chain.Pair, manyNamespace)
	if err != nil {
		return err
	}
	defer ready.Stop()
	var mu sync.Mutex
	created := map[string]time.Time{}
	begun := time.Now()
	var creators errgroup.Group
	creators.SetLimit(8)
	for i := range n {
		name := fmt.Sprintf("of%d-%d", n, i)
		created[name] = time.Time{}
		creators.Go(func() error {
			mu.Lock()
			created[name] = time.Now()
			mu.Unlock()
			return b.Client.Create(ctx, chain.Pair.Instance(manyNamespace, name))
		})
	}
	if err := creators.Wait(); err != nil {
		return fmt.Errorf("create instances: %w", err)
	}
	waits, err := await(ctx, ready, created)
	if err != nil || n == 1 {
		return err
	}
	tell(s, n, time.Since(begun), waits)
	return nil
}

// await returns how long each instance took.
func await(ctx context.Context, ready *bed.Readiness, created map[string]time.Time) ([]time.Duration, error) {
	var waits []time.Duration
	for len(created) > 0 {
		next, err := ready.Next(ctx)
		if err != nil {
			return nil, fmt.Errorf("%d instances are not ready: %w", len(created), err)
		}
		if at, ok := created[next.Name]; ok {
			waits = append(waits, next.At.Sub(at))
			delete(created, next.Name)
		}
	}
	return waits, nil
}

func tell(s *report.Section, n int, all time.Duration, waits []time.Duration) {
	ms := stats.Milliseconds(waits)
	what := fmt.Sprintf("%d instances of a ConfigMap and a Deployment at once", n)
	s.Ratio(report.Value("M4", what+": longest / median wait", stats.Percentile(ms, 100)/stats.Median(ms), "").AtMost(3))
	s.Time(report.Value("M4", what+": ready", float64(n)/all.Seconds(), "per s").AtLeastOf(50).
		With("all in %.1f s; an instance p50 %.0f ms, p99 %.0f ms", all.Seconds(), stats.Median(ms), stats.Percentile(ms, 99)))
}
