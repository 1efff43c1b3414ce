package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const (
	edits     = 50
	reapplies = 60
)

// An edit changes a wish.
type edit struct {
	name     string
	restarts bool
	change   func(r *rand.Rand, w *wish)
}

// Edits that restart the server stand here once, the others as often as makes them the greater part.
var someEdits = []edit{
	{"log level", true, func(_ *rand.Rand, w *wish) { w.level = other(w.level, "INFO", "DEBUG") }},
	{"cpu request", true, func(r *rand.Rand, w *wish) { w.cpu = fmt.Sprintf("%dm", 5+r.IntN(20)) }},
	{"Pod annotation", true, func(r *rand.Rand, w *wish) { w.podAnnotation = word(r) }},
	{"NFS port", true, func(_ *rand.Rand, w *wish) { w.nfsPort = 24099 - w.nfsPort }},
	{"Service annotation", false, func(r *rand.Rand, w *wish) { w.annotation = word(r) }},
	{"Service annotation", false, func(r *rand.Rand, w *wish) { w.annotation = word(r) }},
	{"Service annotation", false, func(r *rand.Rand, w *wish) { w.annotation = word(r) }},
	{"label", false, func(r *rand.Rand, w *wish) { w.label = word(r) }},
	{"label", false, func(r *rand.Rand, w *wish) { w.label = word(r) }},
	{"SMB", false, func(_ *rand.Rand, w *wish) { w.smb = !w.smb }},
	{"SMB", false, func(_ *rand.Rand, w *wish) { w.smb = !w.smb }},
	{"API on the Service", false, func(_ *rand.Rand, w *wish) { w.exposeAPI = !w.exposeAPI }},
	{"NetworkPolicy", false, func(_ *rand.Rand, w *wish) { w.policy = !w.policy }},
	{"allowed sources", false, func(r *rand.Rand, w *wish) { w.source = fmt.Sprintf("10.%d.0.0/16", r.IntN(250)) }},
	{"allowed sources", false, func(r *rand.Rand, w *wish) { w.source = fmt.Sprintf("10.%d.0.0/16", r.IntN(250)) }},
}

func other(is, a, b string) string {
	if is == a {
		return b
	}
	return a
}

func word(r *rand.Rand) string { return fmt.Sprintf("w%08x", r.Uint32()) }

var _ = Describe("an instance that is edited", Ordered, func() {
	var (
		edited instance
		idle   *idleness
		w      wish
	)

	BeforeAll(func(c SpecContext) {
		still, err := deploy(c, newNamespace(c, "idle"), "still")
		Expect(err).NotTo(HaveOccurred())
		// It is watched while the other one is edited.
		watching, cancel := context.WithCancel(context.WithoutCancel(c))
		DeferCleanup(cancel)
		idle, err = watchIdle(watching, still)
		Expect(err).NotTo(HaveOccurred())

		edited = instance{newNamespace(c, "edits"), "files"}
		w = firstWish()
		Expect(edited.create(c, w.spec())).To(Succeed())
		Expect(edited.waitReady(c, time.Minute)).To(Succeed())
	}, NodeTimeout(3*time.Minute))

	It("is never ready before the edit is real", func(ctx SpecContext) {
		seed := uint64(GinkgoRandomSeed())
		GinkgoWriter.Println("seed", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		check, err := newChecker(ctx, edited)
		Expect(err).NotTo(HaveOccurred())
		var quick, restarting []time.Duration
		for n := range edits {
			done, restarts := w.draw(r)
			start := time.Now()
			Expect(edited.patch(ctx, w.object())).To(Succeed(), "edit %d, %s", n, done)
			Expect(edited.waitReady(ctx, 90*time.Second)).To(Succeed(), "edit %d, %s", n, done)
			took := time.Since(start)
			// Once, at once: what is true a moment later was early.
			Expect(check.all(ctx, &w)).To(Succeed(), "edit %d, %s, was ready %s after it", n, done, took)
			GinkgoWriter.Printf("edit %2d %5.2fs %s\n", n, took.Seconds(), done)
			if restarts {
				restarting = append(restarting, took)
			} else {
				quick = append(quick, took)
			}
		}
		measured.times("edit to Ready, server stays", quick, "never early")
		measured.times("edit to Ready, server restarts", restarting, "never early")
	}, NodeTimeout(8*time.Minute))

	It("is left alone when the same is applied again", func(ctx SpecContext) {
		before, status, err := edited.get(ctx)
		Expect(err).NotTo(HaveOccurred())
		since := time.Now()
		for n := range reapplies {
			Expect(edited.patch(ctx, w.object())).To(Succeed())
			if n%10 == 0 {
				Expect(edited.annotate(ctx, "e2e/reapplied", fmt.Sprint(n))).To(Succeed())
			}
		}
		Consistently(func(g Gomega) {
			after, now, err := edited.get(ctx)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(after.GetGeneration()).To(Equal(before.GetGeneration()))
			g.Expect(now.Plan.UID).To(Equal(status.Plan.UID), "a run was started")
		}, 2*time.Second, 100*time.Millisecond).Should(Succeed())
		written, err := cluster.calls(edited.namespace, since, byOperator, call.writes)
		Expect(err).NotTo(HaveOccurred())
		Expect(written).To(BeEmpty())
		measured.add("the same applied 60 times", fmt.Sprintf("%d writes, 0 runs", len(written)), "0, 0")
	}, NodeTimeout(time.Minute))

	It("changes nothing for two minutes once it is ready", func(ctx SpecContext) {
		Expect(idle.wait(ctx)).To(Succeed())
		Expect(idle.changes()).To(BeEmpty(), "since it was ready")
		calls, err := cluster.calls(idle.namespace, idle.since, byOperator)
		Expect(err).NotTo(HaveOccurred())
		var writes, events, reads []string
		for _, c := range calls {
			switch {
			case c.event():
				events = append(events, c.String())
			case c.writes():
				writes = append(writes, c.String())
			case c.reads():
				reads = append(reads, c.String())
			}
		}
		measured.add("idle for two minutes", fmt.Sprintf("%d writes, %d reads, %d events", len(writes), len(reads), len(events)), "0, ≤ 2, 0")
		Expect(writes).To(BeEmpty())
		Expect(len(reads)).To(BeNumerically("<=", 2), strings.Join(reads, "\n"))
		Expect(events).To(BeEmpty())
	}, NodeTimeout(3*time.Minute))
})
