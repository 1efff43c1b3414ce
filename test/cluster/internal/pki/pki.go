package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// clients are the users with a certificate; the nodes come on top.
var clients = map[string]pkix.Name{
	"admin":                   {CommonName: "admin", Organization: []string{"system:masters"}},
	"apiserver-kubelet":       {CommonName: "kube-apiserver-kubelet-client", Organization: []string{"system:masters"}},
	"kube-controller-manager": {CommonName: "system:kube-controller-manager"},
	"kube-scheduler":          {CommonName: "system:kube-scheduler"},
	"kube-proxy":              {CommonName: "system:kube-proxy"},
	"volume-provisioner":      {CommonName: "volume-provisioner"},
}

// Kubelet is the name of a node's certificate.
func Kubelet(node int) string { return fmt.Sprintf("kubelet%d", node) }

// Ensure makes what is missing of a cluster's keys and certificates: the
// authorities ca and front-ca, the server's apiserver, one for each client, and
// the key pair sa that signs ServiceAccount tokens.
func Ensure(c layout.Cluster) error {
	ca, err := openAuthority(c.PKI(), "ca")
	if err != nil {
		return err
	}
	front, err := openAuthority(c.PKI(), "front-ca")
	if err != nil {
		return err
	}
	if err := ca.ensure("apiserver", server(c)); err != nil {
		return err
	}
	if err := front.ensure("front-proxy-client", client(pkix.Name{CommonName: "front-proxy-client"})); err != nil {
		return err
	}
	for name, subject := range clients {
		if err := ca.ensure(name, client(subject)); err != nil {
			return err
		}
	}
	for node := range c.Nodes {
		subject := pkix.Name{CommonName: "system:node:" + c.NodeName(node), Organization: []string{"system:nodes"}}
		if err := ca.ensure(Kubelet(node), client(subject)); err != nil {
			return err
		}
	}
	return ensureTokenKeys(c.PKI())
}

// ensureTokenKeys makes sa.key and, last, sa.pub.
func ensureTokenKeys(dir string) error {
	if exists(dir, "sa.pub") {
		return nil
	}
	key, err := newKey(dir, "sa")
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return writePEM(dir, "sa.pub", "PUBLIC KEY", der, 0o644)
}

func client(subject pkix.Name) *x509.Certificate {
	return &x509.Certificate{
		Subject: subject, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

func server(c layout.Cluster) *x509.Certificate {
	return &x509.Certificate{
		Subject: pkix.Name{CommonName: "kube-apiserver"}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{
			"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
		},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.ParseIP(c.NodeIP(0)), net.ParseIP(c.APIService())},
	}
}
