package e2e

import (
	"os"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/kubernetes"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// What every test uses; set before the first one.
var (
	restConfig *rest.Config
	// kube reads and writes past any cache.
	kube      client.WithWatch
	clientset *kubernetes.Clientset
	cluster   *testCluster
)

func TestE2E(t *testing.T) {
	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(time.Minute)
	SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	RunSpecs(t, "DittoFS operator on a real cluster")
}

var _ = BeforeSuite(func(ctx SpecContext) {
	path := os.Getenv("E2E_KUBECONFIG")
	if path == "" {
		path = os.Getenv("KUBECONFIG")
	}
	Expect(path).NotTo(BeEmpty(), "KUBECONFIG is not set: these tests need a cluster with the operator; see make cluster-up load install")
	var err error
	restConfig, err = clientcmd.BuildConfigFromFlags("", path)
	Expect(err).NotTo(HaveOccurred())
	// Measuring must not wait for this client's own throttle.
	restConfig.QPS = -1
	kube, err = client.NewWithWatch(restConfig, client.Options{Scheme: clientgoscheme.Scheme})
	Expect(err).NotTo(HaveOccurred())
	clientset, err = kubernetes.NewForConfig(restConfig)
	Expect(err).NotTo(HaveOccurred())
	cluster, err = openCluster(ctx, path)
	Expect(err).NotTo(HaveOccurred())
	Expect(operatorReady(ctx)).To(Succeed(), "install the operator first: make load install")
}, NodeTimeout(2*time.Minute))

var _ = ReportAfterSuite("measured", func(Report) {
	Expect(measured.publish()).To(Succeed())
})
