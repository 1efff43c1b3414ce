package e2e

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

var _ = Describe("the metrics", func() {
	It("are for those who may read them", func(ctx SpecContext) {
		namespace := newNamespace(ctx, "metrics")
		reader, err := account(ctx, namespace, "reader")
		Expect(err).NotTo(HaveOccurred())
		stranger, err := account(ctx, namespace, "stranger")
		Expect(err).NotTo(HaveOccurred())
		binding := &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{GenerateName: "e2e-metrics-"},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "dittofs-operator-metrics-reader"},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: "reader", Namespace: namespace}},
		}
		Expect(kube.Create(ctx, binding)).To(Succeed())
		DeferCleanup(func(ctx SpecContext) { Expect(kube.Delete(ctx, binding)).To(Succeed()) })

		for _, wanted := range []struct {
			who, token string
			status     int
		}{
			{"nobody", "", http.StatusUnauthorized},
			{"an account without the right", stranger, http.StatusForbidden},
			{"the metrics reader", reader, http.StatusOK},
		} {
			// The role may take a moment to be known everywhere.
			Eventually(func(g Gomega) {
				status, body, err := scrape(ctx, wanted.token)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(status).To(Equal(wanted.status), wanted.who)
				g.Expect(strings.Contains(body, "controller_runtime_reconcile_total")).To(Equal(status == http.StatusOK), wanted.who)
			}).WithTimeout(20 * time.Second).Should(Succeed())
		}
		status, _, err := scrape(ctx, "not-a-token")
		Expect(err).NotTo(HaveOccurred())
		Expect(status).To(BeNumerically(">=", http.StatusUnauthorized), "a wrong token")
	}, NodeTimeout(2*time.Minute))
})

// account makes a ServiceAccount and returns a token of it.
func account(ctx context.Context, namespace, name string) (string, error) {
	sa := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	if err := kube.Create(ctx, sa); err != nil {
		return "", err
	}
	request, err := clientset.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, name, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		return "", err
	}
	return request.Status.Token, nil
}

// scrape asks for the metrics as Prometheus would.
func scrape(ctx context.Context, token string) (status int, body string, err error) {
	var service corev1.Service
	if err := kube.Get(ctx, client.ObjectKey{Namespace: operatorNamespace, Name: "dittofs-operator-metrics"}, &service); err != nil {
		return 0, "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+service.Spec.ClusterIP+":8443/metrics", nil)
	if err != nil {
		return 0, "", err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	// The manager signs its certificate itself.
	c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	response, err := c.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response.StatusCode, string(content), err
}
