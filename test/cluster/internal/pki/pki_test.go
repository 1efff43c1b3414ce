package pki

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

func made(t *testing.T) layout.Cluster {
	t.Helper()
	c := layout.Cluster{Root: t.TempDir(), Name: "test", Nodes: 2}
	if err := Ensure(c); err != nil {
		t.Fatal(err)
	}
	return c
}

func certificate(t *testing.T, c layout.Cluster, name string) *x509.Certificate {
	t.Helper()
	cert, err := readPEM(c.PKI(), name+".crt", x509.ParseCertificate)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestCertificatesAreSignedByTheirAuthority(t *testing.T) {
	c := made(t)
	pool := x509.NewCertPool()
	pool.AddCert(certificate(t, c, "ca"))
	for name, dns := range map[string]string{"apiserver": "kubernetes.default.svc", "admin": "", "kubelet0": "", "kubelet1": ""} {
		options := x509.VerifyOptions{Roots: pool, DNSName: dns, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
		if _, err := certificate(t, c, name).Verify(options); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := certificate(t, c, "front-proxy-client").Verify(x509.VerifyOptions{Roots: pool}); err == nil {
		t.Error("the front proxy's certificate passes as a user's")
	}
}

func TestServerIsValidForItsAddresses(t *testing.T) {
	c := made(t)
	for _, ip := range []string{c.NodeIP(0), c.APIService(), "127.0.0.1"} {
		if err := certificate(t, c, "apiserver").VerifyHostname(ip); err != nil {
			t.Error(err)
		}
	}
}

func TestNodeIsWhoTheNodeAuthorizerExpects(t *testing.T) {
	subject := certificate(t, made(t), "kubelet1").Subject
	if subject.CommonName != "system:node:test-node1" || subject.Organization[0] != "system:nodes" {
		t.Errorf("subject is %s", subject)
	}
}

func TestSecondCallKeepsEverythingAndAddsNodes(t *testing.T) {
	c := made(t)
	before, err := os.ReadFile(filepath.Join(c.PKI(), "admin.crt"))
	if err != nil {
		t.Fatal(err)
	}
	c.Nodes = 3
	if err := Ensure(c); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(filepath.Join(c.PKI(), "admin.crt"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("admin.crt changed, %v", err)
	}
	certificate(t, c, "kubelet2")
}

func TestKeysAreSecret(t *testing.T) {
	c := made(t)
	keys, err := filepath.Glob(filepath.Join(c.PKI(), "*.key"))
	if err != nil || len(keys) < 8 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for _, key := range keys {
		if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", key, info.Mode(), err)
		}
	}
}
