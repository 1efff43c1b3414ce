package multicall

import (
	"slices"
	"testing"
)

func TestPick(t *testing.T) {
	known := []string{"etcd", "kubectl"}
	for _, c := range []struct {
		args []string
		name string
		rest []string
	}{
		{[]string{"/cache/bin/etcd", "--version"}, "etcd", []string{"etcd", "--version"}},
		{[]string{"./kube", "kubectl", "get", "pods"}, "kubectl", []string{"kubectl", "get", "pods"}},
		{[]string{"kubectl", "etcd"}, "kubectl", []string{"kubectl", "etcd"}},
		{[]string{"kube", "kubeadm"}, "", nil},
		{[]string{"kube"}, "", nil},
		{nil, "", nil},
	} {
		name, rest, err := Pick(c.args, known)
		if name != c.name || !slices.Equal(rest, c.rest) || (err == nil) != (c.name != "") {
			t.Errorf("Pick(%q) = %q, %q, %v", c.args, name, rest, err)
		}
	}
}
