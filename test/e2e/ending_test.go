package e2e

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
)

// A server that hangs is given up after its calls' time, not after minutes.
const endLimit = 2 * time.Minute

var _ = Describe("the end of an instance", func() {
	It("comes although the server hangs, and with the namespace", func(ctx SpecContext) {
		namespace := newNamespace(ctx, "end")
		whole := newNamespace(ctx, "whole")
		stopped, deleted := instance{namespace, "stopped"}, instance{namespace, "deleted"}
		inside := []instance{{whole, "healthy"}, {whole, "hanging"}, {whole, "retained"}}
		Expect(each(ctx, append(inside, stopped, deleted), func(ctx context.Context, i instance) error {
			spec := small()
			if i.name == "retained" {
				spec["storage"] = map[string]any{"size": "64Mi", "reclaimPolicy": "Retain"}
			}
			if err := i.create(ctx, spec); err != nil {
				return err
			}
			return i.waitReady(ctx, 2*time.Minute)
		})).To(Succeed())
		Expect(each(ctx, []instance{stopped, deleted, inside[1]}, func(ctx context.Context, i instance) error {
			return i.misbehave(ctx, `{"api":"hang"}`)
		})).To(Succeed())

		group, all := errgroup.WithContext(ctx)
		for what, end := range map[string]func(context.Context) error{
			"stop of a server that hangs":            func(ctx context.Context) error { return stop(ctx, stopped) },
			"deletion of a server that hangs":        func(ctx context.Context) error { return deleted.delete(ctx, endLimit) },
			"deletion of a namespace with instances": func(ctx context.Context) error { return deleteNamespace(ctx, whole) },
		} {
			group.Go(func() error {
				start := time.Now()
				if err := end(all); err != nil {
					return fmt.Errorf("%s: %w", what, err)
				}
				measured.times(what, []time.Duration{time.Since(start)}, "≤ "+endLimit.String())
				return nil
			})
		}
		Expect(group.Wait()).To(Succeed())
	}, NodeTimeout(6*time.Minute))
})

// stop stops the server and makes sure that its Pod is gone when the instance says it is ready.
func stop(ctx context.Context, i instance) error {
	if err := i.edit(ctx, map[string]any{"replicas": 0}); err != nil {
		return err
	}
	if err := i.waitReady(ctx, endLimit); err != nil {
		return err
	}
	if pod, err := i.pod(ctx); err == nil {
		return fmt.Errorf("Pod %s is still there", pod.Name)
	}
	return nil
}

func deleteNamespace(ctx context.Context, name string) error {
	ns := &corev1.Namespace{}
	ns.Name = name
	if err := kube.Delete(ctx, ns); err != nil {
		return err
	}
	return gone(ctx, ns, endLimit)
}
