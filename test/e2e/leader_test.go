package e2e

import (
	"context"
	"errors"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
)

const handovers = 3

var _ = Describe("a manager that is asked to go", Ordered, Serial, func() {
	var i instance

	BeforeAll(func(ctx SpecContext) {
		var err error
		i, err = deploy(ctx, newNamespace(ctx, "leader"), "files")
		Expect(err).NotTo(HaveOccurred())
	}, NodeTimeout(2*time.Minute))

	It("hands over to the one that waits", func(ctx SpecContext) {
		Expect(scaleOperator(ctx, 2)).To(Succeed())
		DeferCleanup(func(ctx SpecContext) { Expect(scaleOperator(ctx, 1)).To(Succeed()) }, NodeTimeout(time.Minute))
		var led, acted []time.Duration
		for range handovers {
			first, then, err := handover(ctx, i)
			Expect(err).NotTo(HaveOccurred())
			led, acted = append(led, first), append(acted, then)
			Expect(operatorReady(ctx)).To(Succeed())
		}
		measured.times("manager deleted to next leader, 2 replicas", led, "≤ 3 s")
		measured.times("manager deleted to next edit carried out, 2 replicas", acted, "")
		// The aim, and as much again for a busy machine.
		Expect(median(led)).To(BeNumerically("<=", 6*time.Second))
	}, NodeTimeout(3*time.Minute))

	It("is followed by its next Pod", func(ctx SpecContext) {
		var acted []time.Duration
		for range handovers {
			_, then, err := handover(ctx, i)
			Expect(err).NotTo(HaveOccurred())
			acted = append(acted, then)
			Expect(operatorReady(ctx)).To(Succeed())
		}
		measured.times("manager deleted to next edit carried out, 1 replica", acted, "≤ 15 s")
		Expect(median(acted)).To(BeNumerically("<=", 15*time.Second))
	}, NodeTimeout(2*time.Minute))
})

// handover deletes the leader's Pod, and returns when another one leads and when that has carried
// out an edit.
func handover(ctx context.Context, i instance) (led, acted time.Duration, err error) {
	var old string
	// Nobody leads for a moment when the leader itself was scaled away.
	err = poll(ctx, time.Minute, func(ctx context.Context) (err error) {
		old, err = leader(ctx)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	pod := &corev1.Pod{}
	pod.Namespace, pod.Name = operatorNamespace, old
	start := time.Now()
	if err := kube.Delete(ctx, pod); err != nil {
		return 0, 0, err
	}
	err = poll(ctx, time.Minute, func(ctx context.Context) error {
		now, err := leader(ctx)
		if err == nil && now == old {
			return errors.New(old + " still leads")
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	led = time.Since(start)
	_, err = i.timeEdit(ctx, time.Minute)
	return led, time.Since(start), err
}
