package e2e

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

var _ = Describe("what the operator tells", Ordered, Serial, func() {
	var (
		i    instance
		run  string
		logs string
	)

	BeforeAll(func(ctx SpecContext) {
		before, err := setArguments(ctx, func(a []string) []string { return append(a, "--log-level=debug") })
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx SpecContext) {
			_, err := setArguments(ctx, func([]string) []string { return before })
			Expect(err).NotTo(HaveOccurred())
		}, NodeTimeout(time.Minute))
		i, err = deploy(ctx, newNamespace(ctx, "tells"), "files")
		Expect(err).NotTo(HaveOccurred())
		// A server that answers nonsense makes the operator speak of requests and answers.
		Expect(i.misbehave(ctx, `{"api":"503"}`)).To(Succeed())
		_, err = i.timeEdit(ctx, time.Minute)
		Expect(err).NotTo(HaveOccurred())
		time.Sleep(2 * time.Second)
		Expect(i.misbehave(ctx, "")).To(Succeed())
		Expect(i.waitReady(ctx, time.Minute)).To(Succeed())
		_, status, err := i.get(ctx)
		Expect(err).NotTo(HaveOccurred())
		run = status.Plan.UID
		pod, err := manager(ctx)
		Expect(err).NotTo(HaveOccurred())
		raw, err := clientset.CoreV1().Pods(pod.Namespace).GetLogs(pod.Name, &corev1.PodLogOptions{}).DoRaw(ctx)
		Expect(err).NotTo(HaveOccurred())
		logs = string(raw)
	}, NodeTimeout(3*time.Minute))

	It("is JSON, with the run and the step", func() {
		found := 0
		lines := bufio.NewScanner(strings.NewReader(logs))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var line struct{ Level, Msg, Run, Step string }
			Expect(json.Unmarshal(lines.Bytes(), &line)).To(Succeed(), lines.Text())
			Expect(line.Level).NotTo(BeEmpty(), lines.Text())
			Expect(line.Msg).NotTo(BeEmpty(), lines.Text())
			if line.Run == run && line.Step != "" {
				found++
			}
		}
		Expect(lines.Err()).NotTo(HaveOccurred())
		Expect(found).To(BeNumerically(">=", 5), "lines that speak of a step of run %s", run)
	})

	It("holds no secret", func(ctx SpecContext) {
		values, err := secretValues(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(len(values)).To(BeNumerically(">=", 2))
		told, err := everythingTold(ctx)
		Expect(err).NotTo(HaveOccurred())
		told["the manager's log"] = logs
		for place, text := range told {
			for _, value := range values {
				// The value itself must not get into this test's own output.
				Expect(strings.Contains(text, value)).To(BeFalse(), "%s holds a secret of %d characters", place, len(value))
			}
		}
		GinkgoWriter.Printf("%d values looked for in %d places\n", len(values), len(told))
	}, NodeTimeout(time.Minute))
})

// ours are the namespaces that these tests have made.
func ours(ctx context.Context) ([]string, error) {
	var list corev1.NamespaceList
	err := kube.List(ctx, &list, client.HasLabels{"dittofs.io/e2e"})
	var names []string
	for _, ns := range list.Items {
		names = append(names, ns.Name)
	}
	return names, err
}

// secretValues returns what no text may hold: generated values, as they are and in base64.
func secretValues(ctx context.Context) ([]string, error) {
	namespaces, err := ours(ctx)
	if err != nil {
		return nil, err
	}
	var values []string
	for _, namespace := range namespaces {
		var list corev1.SecretList
		if err := kube.List(ctx, &list, client.InNamespace(namespace)); err != nil {
			return nil, err
		}
		for _, s := range list.Items {
			for key, value := range s.Data {
				if key != "username" {
					values = append(values, string(value), base64.StdEncoding.EncodeToString(value))
				}
			}
		}
	}
	return values, nil
}

// everythingTold returns all objects that hold text for people, and all events.
func everythingTold(ctx context.Context) (map[string]string, error) {
	namespaces, err := ours(ctx)
	if err != nil {
		return nil, err
	}
	told := map[string]string{}
	kinds := []string{"dittofses", "events", "configmaps", "controllerrevisions", "statefulsets", "pods", "services", "persistentvolumeclaims"}
	for _, namespace := range slices.Concat(namespaces, []string{operatorNamespace}) {
		text, err := cluster.kubectl(ctx, "get", strings.Join(kinds, ","), "-n", namespace, "-o", "json", "--show-managed-fields")
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", namespace, err)
		}
		told[namespace] = text
	}
	return told, nil
}
