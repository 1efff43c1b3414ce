package e2e

import (
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const (
	deploys  = 5
	restarts = 3
)

var _ = Describe("time", Ordered, func() {
	var namespace string

	BeforeAll(func(ctx SpecContext) { namespace = newNamespace(ctx, "time") })

	It("from apply to lasting Ready is short, with one Pod made", func(ctx SpecContext) {
		seen, err := record(ctx, namespace)
		Expect(err).NotTo(HaveOccurred())
		var took []time.Duration
		var made []instance
		for n := range deploys {
			i := instance{namespace, fmt.Sprintf("files-%d", n)}
			start := time.Now()
			Expect(i.create(ctx, small())).To(Succeed())
			Expect(i.waitReady(ctx, time.Minute)).To(Succeed())
			moments, err := seen.of(i.name)
			Expect(err).NotTo(HaveOccurred())
			at, err := readyAt(moments)
			Expect(err).NotTo(HaveOccurred())
			took = append(took, at.Sub(start))
			made = append(made, i)
		}
		// Lasting: nobody takes it back.
		time.Sleep(5 * time.Second)
		for _, i := range made {
			moments, err := seen.of(i.name)
			Expect(err).NotTo(HaveOccurred())
			_, err = readyAt(moments)
			Expect(err).NotTo(HaveOccurred(), i.name)
			Expect(cluster.timesMade(namespace, "pods", i.name+"-0")).To(Equal(1))
			Expect(kube.Delete(ctx, i.blank())).To(Succeed())
		}
		measured.times("apply to lasting Ready", took, "≤ 15 s, one Pod")
		Expect(median(took)).To(BeNumerically("<=", 15*time.Second))
	}, NodeTimeout(3*time.Minute))

	It("without NFS at a restart is short", func(ctx SpecContext) {
		i, err := deploy(ctx, namespace, "restarted")
		Expect(err).NotTo(HaveOccurred())
		file, err := i.share(ctx)
		Expect(err).NotTo(HaveOccurred())
		var gaps []time.Duration
		for n := range restarts {
			reading, err := i.keepReading(ctx, file)
			Expect(err).NotTo(HaveOccurred())
			time.Sleep(300 * time.Millisecond)
			level := []string{"DEBUG", "INFO"}[n%2]
			Expect(i.edit(ctx, map[string]any{"logging": map[string]any{"level": level}})).To(Succeed())
			Expect(i.waitReady(ctx, time.Minute)).To(Succeed())
			time.Sleep(300 * time.Millisecond)
			gap, err := reading.stop()
			Expect(err).NotTo(HaveOccurred())
			gaps = append(gaps, gap)
		}
		measured.times("longest pause between NFS reads at a restart", gaps, "≤ 8 s")
		Expect(median(gaps)).To(BeNumerically("<=", 8*time.Second))
	}, NodeTimeout(2*time.Minute))

	It("to heal from a bad image is short", func(ctx SpecContext) {
		i := instance{namespace, "healed"}
		spec := small()
		good := spec["image"] // nil removes the image, and the version decides
		spec["image"] = "registry.invalid/no-such-image:v1"
		Expect(i.create(ctx, spec)).To(Succeed())
		Eventually(func(g Gomega) {
			_, status, err := i.get(ctx)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(status.Plan).NotTo(BeNil())
			g.Expect(strings.ToLower(describe(status))).To(ContainSubstring("imagepull"))
		}).Should(Succeed(), "the status does not name the Pod's reason")
		start := time.Now()
		Expect(i.edit(ctx, map[string]any{"image": good})).To(Succeed())
		Expect(i.waitReady(ctx, time.Minute)).To(Succeed())
		took := time.Since(start)
		measured.times("good image after a bad one to Ready", []time.Duration{took}, "≤ 20 s")
		Expect(took).To(BeNumerically("<=", 20*time.Second))
	}, NodeTimeout(3*time.Minute))
})
