package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/pki"
)

func written(t *testing.T) layout.Cluster {
	t.Helper()
	c := layout.Cluster{Root: t.TempDir(), Name: "test", Slot: 4, Nodes: 2}
	if err := pki.Ensure(c); err != nil {
		t.Fatal(err)
	}
	if err := Write(c); err != nil {
		t.Fatal(err)
	}
	return c
}

func content(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestEachNodeHasItsOwnAddresses(t *testing.T) {
	c := written(t)
	for node, want := range []string{"10.164.0.0/24", "10.164.1.0/24"} {
		cni := content(t, filepath.Join(c.NodeConfig(node), "cni.conflist"))
		if !json.Valid([]byte(cni)) || !strings.Contains(cni, want) {
			t.Errorf("node %d: no JSON with %s:\n%s", node, want, cni)
		}
		kubelet := content(t, filepath.Join(c.NodeConfig(node), "kubelet.yaml"))
		if !strings.Contains(kubelet, "address: "+c.NodeIP(node)+"\n") || !strings.Contains(kubelet, "cgroupRoot: "+c.NodeCgroup(node)+"\n") {
			t.Errorf("node %d: kubelet.yaml is\n%s", node, kubelet)
		}
	}
}

func TestKubeconfigIsSecretAndComplete(t *testing.T) {
	c := written(t)
	for _, line := range strings.Split(content(t, c.Kubeconfig()), "\n") {
		if strings.HasSuffix(line, ": ") {
			t.Errorf("empty: %s", line)
		}
	}
	if info, err := os.Stat(c.Kubeconfig()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestObjectsUseTheClustersAddresses(t *testing.T) {
	c := layout.Cluster{Name: "test", Slot: 4}
	objects, err := Objects(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"clusterIP: 10.196.0.10\n", "image: dittofs.local/addons:1\n", "name: standard\n"} {
		if !strings.Contains(string(objects), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestMissingCertificateIsAnError(t *testing.T) {
	c := layout.Cluster{Root: t.TempDir(), Name: "test", Nodes: 1}
	if err := Write(c); err == nil {
		t.Error("wrote a kubeconfig without a certificate")
	}
}
