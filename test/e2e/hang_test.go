package e2e

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"

	"github.com/dittofs/dittofs-operator/engine/api"
)

const (
	sickServers  = 5
	healthyEdits = 10
)

var _ = Describe("a healthy instance among sick ones", Ordered, func() {
	var (
		healthy instance
		sick    []instance
	)

	BeforeAll(func(ctx SpecContext) {
		namespace := newNamespace(ctx, "hang")
		healthy = instance{namespace, "healthy"}
		for n := range sickServers {
			sick = append(sick, instance{namespace, fmt.Sprintf("sick-%d", n)})
		}
		Expect(each(ctx, append([]instance{healthy}, sick...), func(ctx context.Context, i instance) error {
			if err := i.create(ctx, small()); err != nil {
				return err
			}
			return i.waitReady(ctx, 2*time.Minute)
		})).To(Succeed())
	}, NodeTimeout(3*time.Minute))

	It("is edited at once while their APIs hang", func(ctx SpecContext) {
		Expect(each(ctx, sick, func(ctx context.Context, i instance) error {
			return i.misbehave(ctx, `{"api":"hang"}`)
		})).To(Succeed())
		timeWhileStuck(ctx, healthy, sick, "edit of a healthy instance while 5 servers hang")
		Expect(each(ctx, sick, func(ctx context.Context, i instance) error {
			if err := i.misbehave(ctx, ""); err != nil {
				return err
			}
			return i.waitReady(ctx, 2*time.Minute)
		})).To(Succeed(), "they heal when the servers do")
	}, NodeTimeout(4*time.Minute))

	It("is edited at once while their packets are dropped", func(ctx SpecContext) {
		operator, err := manager(ctx)
		Expect(err).NotTo(HaveOccurred())
		// Only the operator is cut off: the kubelet's probes still pass, so no Pod restarts.
		drop := fmt.Sprintf("nft add table ip e2e; "+
			`nft "add chain ip e2e in { type filter hook input priority 0; }"; `+
			"nft add rule ip e2e in ip saddr %s drop", operator.Status.PodIP)
		Expect(eachPod(ctx, sick, drop)).To(Succeed())
		timeWhileStuck(ctx, healthy, sick, "edit of a healthy instance while 5 servers drop packets")
		Expect(eachPod(ctx, sick, "nft delete table ip e2e")).To(Succeed())
		Expect(each(ctx, sick, func(ctx context.Context, i instance) error { return i.waitReady(ctx, 2*time.Minute) })).To(Succeed())
	}, NodeTimeout(4*time.Minute))
})

// each does something with several instances at once.
func each(ctx context.Context, all []instance, do func(context.Context, instance) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, i := range all {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

func eachPod(ctx context.Context, all []instance, script string) error {
	return each(ctx, all, func(ctx context.Context, i instance) error {
		pod, err := i.pod(ctx)
		if err != nil {
			return err
		}
		return cluster.inPodNetwork(ctx, pod, script)
	})
}

// timeWhileStuck edits the sick until all of them wait for their servers, and times edits of the
// healthy one meanwhile.
func timeWhileStuck(ctx context.Context, healthy instance, sick []instance, what string) {
	Expect(each(ctx, sick, func(ctx context.Context, i instance) error {
		_, err := i.timeEdit(ctx, 30*time.Second)
		return err
	})).To(Succeed())
	for _, i := range sick {
		Eventually(func(g Gomega) {
			_, status, err := i.get(ctx)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(status.Plan.State).To(Equal(api.RunRunning))
			g.Expect(status.Plan.Step).To(HavePrefix("ready/"))
		}).Should(Succeed(), "%s does not wait for its server", i)
	}
	var took []time.Duration
	for range healthyEdits {
		one, err := healthy.timeEdit(ctx, 30*time.Second)
		Expect(err).NotTo(HaveOccurred())
		took = append(took, one)
		time.Sleep(300 * time.Millisecond)
	}
	for _, i := range sick {
		_, status, err := i.get(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(status.Plan.State).To(Equal(api.RunRunning), "%s was stuck all the time", i)
	}
	measured.times(what, took, "median ≤ 1 s")
	Expect(median(took)).To(BeNumerically("<=", time.Second))
	Expect(healthy.waitReady(ctx, 30*time.Second)).To(Succeed())
}
