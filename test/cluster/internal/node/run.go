package node

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/api"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
)

// Run makes its namespaces a node and keeps the daemons running until ctx ends.
// Node 0 has the control plane as well.
func Run(ctx context.Context, c layout.Cluster, node int) error {
	if err := setUp(ctx, c, node); err != nil {
		return err
	}
	if err := installCNI(c, node); err != nil {
		return fmt.Errorf("install the CNI configuration: %w", err)
	}
	s := &supervisor{cluster: c, node: node}
	s.keep(ctx, "containerd", "containerd", "--config", filepath.Join(c.ConfigDir(), "containerd.toml"))
	if node == 0 {
		s.all.Go(func() { runControlPlane(ctx, c, s) })
	}
	importImages(ctx, c, s)
	s.keep(ctx, "kubelet", kube(c, "kubelet"), kubelet(c, node)...)
	s.keep(ctx, "kube-proxy", kube(c, "kube-proxy"), kubeProxy(c, node)...)
	s.wait()
	return nil
}

// runControlPlane starts what others wait for first.
func runControlPlane(ctx context.Context, c layout.Cluster, s *supervisor) {
	s.keep(ctx, "etcd", kube(c, "etcd"), etcd(c)...)
	s.keep(ctx, "kube-apiserver", kube(c, "kube-apiserver"), apiserver(c)...)
	client, err := api.New(c)
	if err == nil {
		err = client.WaitReady(ctx)
	}
	if err != nil {
		fmt.Println("waiting for the API:", err)
		return
	}
	s.keep(ctx, "kube-controller-manager", kube(c, "kube-controller-manager"), controllerManager(c)...)
	s.keep(ctx, "kube-scheduler", kube(c, "kube-scheduler"), scheduler(c)...)
	s.keep(ctx, "volume-provisioner", filepath.Join(c.Addons, "addons"), provisioner(c)...)
}

// installCNI puts the Pod network's configuration in place. Addresses given out
// before the node's last end are free again: none of those Pods runs.
func installCNI(c layout.Cluster, node int) error {
	if err := os.RemoveAll("/var/lib/cni/networks"); err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(c.NodeConfig(node), "cni.conflist"))
	if err != nil {
		return err
	}
	return layout.WriteFile("/etc/cni/net.d/10-bridge.conflist", content, 0o644)
}

// importImages waits for containerd and gives it the cluster's images. A
// tarball that cannot be imported is named in the node's log and skipped.
func importImages(ctx context.Context, c layout.Cluster, s *supervisor) {
	for ctx.Err() == nil && shell.Run(ctx, "ctr", "version") != nil {
		time.Sleep(50 * time.Millisecond)
	}
	for _, tarball := range c.Images {
		if err := s.once(ctx, "images", "ctr", []string{"--namespace", "k8s.io", "images", "import", tarball}); err != nil {
			fmt.Printf("import %s: %v (see images.log)\n", tarball, err)
		}
	}
}
