package e2e

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/dittofs/dittofs-operator/engine/api"
)

const (
	diskMiB  = 64
	chunkMiB = 1
)

var _ = Describe("a full volume", func() {
	It("fails the write and nothing else", func(ctx SpecContext) {
		i := instance{newNamespace(ctx, "disk"), "files"}
		spec := small()
		spec["storage"] = map[string]any{"size": fmt.Sprintf("%dMi", diskMiB), "reclaimPolicy": "Delete"}
		Expect(i.create(ctx, spec)).To(Succeed())
		Expect(i.waitReady(ctx, time.Minute)).To(Succeed())
		file, err := i.share(ctx)
		Expect(err).NotTo(HaveOccurred())
		before, err := i.pod(ctx)
		Expect(err).NotTo(HaveOccurred())
		_, was, err := i.get(ctx)
		Expect(err).NotTo(HaveOccurred())
		c, err := i.dial(ctx)
		Expect(err).NotTo(HaveOccurred())
		defer c.Close()

		written, err := fill(c, file)
		var refused nfsError
		Expect(errors.As(err, &refused)).To(BeTrue(), "after %d MiB: %v", written, err)
		Expect(written).To(BeNumerically("<=", diskMiB))
		GinkgoWriter.Printf("after %d MiB: %s\n", written, refused)

		Expect(c.null()).To(Succeed(), "the server does not answer any more")
		Consistently(func(g Gomega) {
			pod, err := i.pod(ctx)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(pod.UID).To(Equal(before.UID))
			g.Expect(pod.Status.ContainerStatuses[0].RestartCount).To(BeZero())
			o, now, err := i.get(ctx)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(now.Plan.UID).To(Equal(was.Plan.UID))
			g.Expect(readyNow(o, now)).To(BeTrue(), describe(now))
			g.Expect(meta.IsStatusConditionTrue(now.Conditions, api.ConditionStalled)).To(BeFalse())
		}, 5*time.Second, 200*time.Millisecond).Should(Succeed())

		// An edit that needs no space on the volume goes through.
		_, err = i.timeEdit(ctx, 30*time.Second)
		Expect(err).NotTo(HaveOccurred())
		measured.add("NFS write beyond a volume of 64 MiB", fmt.Sprintf("refused after %d MiB (%s), server goes on", written, refused), "refused")
	}, NodeTimeout(3*time.Minute))
})

// fill writes random bytes until the server refuses or twice the volume is written.
func fill(c *nfsConn, file []byte) (written int, err error) {
	chunk := make([]byte, chunkMiB<<20)
	for written < 2*diskMiB {
		if _, err := rand.Read(chunk); err != nil {
			return written, err
		}
		if err := c.write(file, uint32(written<<20), chunk); err != nil {
			return written, err
		}
		written += chunkMiB
	}
	return written, nil
}
