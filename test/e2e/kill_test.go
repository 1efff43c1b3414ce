package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// Of the killed managers all but a few get a new Pod at once and their lease taken away, because
// half a minute for each would be waiting for the clock only.
const (
	kills        = 20
	killsByClock = 1
)

var _ = Describe("a manager that is killed", Serial, func() {
	It("loses nothing and does nothing twice", func(ctx SpecContext) {
		seed := uint64(GinkgoRandomSeed())
		GinkgoWriter.Println("seed", seed)
		r := rand.New(rand.NewPCG(seed, 2))
		namespace := newNamespace(ctx, "kill")
		started := time.Now()
		seen, err := record(ctx, namespace)
		Expect(err).NotTo(HaveOccurred())

		begin := time.Now()
		_, err = deploy(ctx, namespace, "undisturbed")
		Expect(err).NotTo(HaveOccurred())
		whole := time.Since(begin)

		var healed []time.Duration
		for n := range kills {
			i := instance{namespace, fmt.Sprintf("files-%02d", n)}
			after := time.Duration(r.Int64N(int64(whole)))
			took, err := killDuring(ctx, i, after, n < killsByClock)
			Expect(err).NotTo(HaveOccurred(), "kill %d, %s after the instance was made", n, after)
			at := stepAt(seen, i.name)
			GinkgoWriter.Printf("kill %2d after %s: ready %s after the kill %s\n", n, seconds(after), seconds(took), at)
			if n >= killsByClock {
				healed = append(healed, took)
			}
			moments, err := seen.of(i.name)
			Expect(err).NotTo(HaveOccurred())
			Expect(backwards(moments)).To(Succeed(), "%s, killed after %s", i, after)
			_, err = readyAt(moments)
			Expect(err).NotTo(HaveOccurred())
			Expect(cluster.timesMade(namespace, "pods", i.name+"-0")).To(Equal(1), "Pods of %s", i)
			// The machine is small.
			Expect(i.edit(ctx, map[string]any{"replicas": 0})).To(Succeed())
		}
		Expect(cluster.madeTwice(namespace, started)).To(BeEmpty())
		deleted, err := cluster.calls(namespace, started, byOperator, func(c call) bool { return c.Verb == "delete" })
		Expect(err).NotTo(HaveOccurred())
		Expect(deleted).To(BeEmpty())
		measured.times("kill -9 of the manager to Ready of the deploy under way (lease dropped)", healed, "finishes, nothing twice")
	}, NodeTimeout(8*time.Minute))

	It("is not needed by what it has deployed", func(ctx SpecContext) {
		namespace := newNamespace(ctx, "orphan")
		i, err := deploy(ctx, namespace, "files")
		Expect(err).NotTo(HaveOccurred())
		file, err := i.share(ctx)
		Expect(err).NotTo(HaveOccurred())
		pod, err := i.pod(ctx)
		Expect(err).NotTo(HaveOccurred())
		_, before, err := i.get(ctx)
		Expect(err).NotTo(HaveOccurred())
		image, err := operatorImage(ctx)
		Expect(err).NotTo(HaveOccurred())
		reading, err := i.keepReading(ctx, file)
		Expect(err).NotTo(HaveOccurred())

		_, err = cluster.kubectl(ctx, "delete", "namespace", operatorNamespace)
		Expect(err).NotTo(HaveOccurred())
		time.Sleep(2 * time.Second)
		Expect(install(ctx, image)).To(Succeed())
		since := time.Now()
		Expect(operatorReady(ctx)).To(Succeed())
		Expect(actsWithin(ctx, i, time.Minute)).To(Succeed())

		gap, err := reading.stop()
		Expect(err).NotTo(HaveOccurred())
		after, err := i.pod(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(after.UID).To(Equal(pod.UID), "the server was restarted")
		_, now, err := i.get(ctx)
		Expect(err).NotTo(HaveOccurred())
		// The edit that shows that the new manager acts is the only run that is new.
		Expect(len(now.History)).To(Equal(len(before.History)+1), "runs: %+v", now.History)
		Expect(cluster.timesMade(namespace, "pods", i.name+"-0")).To(Equal(1))
		measured.times("longest pause between NFS reads while the operator's namespace is deleted and made again", []time.Duration{gap}, "≤ 1 s")
		Expect(gap).To(BeNumerically("<=", time.Second))
		GinkgoWriter.Println("installed anew and acting after", time.Since(since))
	}, NodeTimeout(3*time.Minute))
})

// killDuring makes an instance, kills the manager some time later, and returns how long after the
// kill the instance was ready.
func killDuring(ctx context.Context, i instance, after time.Duration, byClock bool) (time.Duration, error) {
	pod, err := manager(ctx)
	if err != nil {
		return 0, err
	}
	if err := i.create(ctx, small()); err != nil {
		return 0, err
	}
	time.Sleep(after)
	if err := cluster.kill(ctx, pod); err != nil {
		return 0, err
	}
	killed := time.Now()
	if !byClock {
		if err := replaceKilled(ctx, pod); err != nil {
			return 0, err
		}
	}
	if err := i.waitReady(ctx, 2*time.Minute); err != nil {
		return 0, err
	}
	return time.Since(killed), operatorReady(ctx)
}

// stepAt says at which step the last status before a pause stood: where the kill hit.
func stepAt(r *recorder, name string) string {
	moments, _ := r.of(name)
	var longest time.Duration
	at := "before its first status"
	for n := 1; n < len(moments); n++ {
		pause := moments[n].at.Sub(moments[n-1].at)
		if pause <= longest {
			continue
		}
		longest = pause
		if run := moments[n-1].status.Plan; run != nil {
			at = "at " + run.Step + " (" + run.Progress + ")"
		}
	}
	return at
}

// actsWithin edits the instance and waits until the edit is carried out.
func actsWithin(ctx context.Context, i instance, limit time.Duration) error {
	value := fmt.Sprint(time.Now().UnixNano())
	if err := i.edit(ctx, serviceAnnotation(value)); err != nil {
		return err
	}
	if err := i.carries(ctx, value, limit); err != nil {
		return err
	}
	return i.waitReady(ctx, limit)
}
