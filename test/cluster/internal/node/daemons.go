package node

import (
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// kube is the path of one of the Kubernetes binaries.
func kube(c layout.Cluster, name string) string { return filepath.Join(c.Kube, name) }

// etcd listens inside its node only. It does not wait for the disk: a machine
// that crashes may lose the cluster, a process that is killed does not.
func etcd(c layout.Cluster) []string {
	return []string{
		"--name=node0", "--data-dir=" + c.Etcd(), "--unsafe-no-fsync", "--log-level=warn",
		"--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
		"--listen-peer-urls=http://127.0.0.1:2380", "--initial-advertise-peer-urls=http://127.0.0.1:2380",
		"--initial-cluster=node0=http://127.0.0.1:2380",
	}
}

func apiserver(c layout.Cluster) []string {
	pki := func(name string) string { return filepath.Join(c.PKI(), name) }
	return []string{
		"--etcd-servers=http://127.0.0.1:2379",
		"--bind-address=" + c.NodeIP(0), "--advertise-address=" + c.NodeIP(0), "--secure-port=6443",
		"--service-cluster-ip-range=" + c.ServiceCIDR(),
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction", "--allow-privileged=true",
		"--client-ca-file=" + pki("ca.crt"),
		"--tls-cert-file=" + pki("apiserver.crt"), "--tls-private-key-file=" + pki("apiserver.key"),
		"--kubelet-client-certificate=" + pki("apiserver-kubelet.crt"),
		"--kubelet-client-key=" + pki("apiserver-kubelet.key"),
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + pki("sa.pub"), "--service-account-signing-key-file=" + pki("sa.key"),
		"--requestheader-client-ca-file=" + pki("front-ca.crt"), "--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + pki("front-proxy-client.crt"),
		"--proxy-client-key-file=" + pki("front-proxy-client.key"), "--enable-aggregator-routing=false",
		"--audit-policy-file=" + filepath.Join(c.ConfigDir(), "audit-policy.yaml"),
		"--audit-log-path=" + c.AuditLog(), "--audit-log-maxsize=100", "--audit-log-maxbackup=3",
		"--profiling=false", "--v=1",
	}
}

func controllerManager(c layout.Cluster) []string {
	pki := func(name string) string { return filepath.Join(c.PKI(), name) }
	return append(identity(c, "kube-controller-manager"),
		"--use-service-account-credentials=true", "--controllers=*", "--controller-start-interval=0s",
		"--root-ca-file="+pki("ca.crt"), "--service-account-private-key-file="+pki("sa.key"),
		"--cluster-signing-cert-file="+pki("ca.crt"), "--cluster-signing-key-file="+pki("ca.key"),
		"--kube-api-qps=200", "--kube-api-burst=400", // the default delays the start by 5 s
		"--allocate-node-cidrs=false", "--cluster-name="+c.Name,
		"--flex-volume-plugin-dir=/var/lib/kubelet/volume-plugins",
	)
}

func scheduler(c layout.Cluster) []string { return identity(c, "kube-scheduler") }

// identity is what controller manager and scheduler have in common.
func identity(c layout.Cluster, user string) []string {
	kubeconfig := filepath.Join(c.ConfigDir(), user+".kubeconfig")
	return []string{
		"--kubeconfig=" + kubeconfig, "--authentication-kubeconfig=" + kubeconfig,
		"--authorization-kubeconfig=" + kubeconfig, "--bind-address=127.0.0.1", "--leader-elect=false", "--profiling=false",
	}
}

func provisioner(c layout.Cluster) []string {
	kubeconfig := filepath.Join(c.ConfigDir(), "volume-provisioner.kubeconfig")
	return []string{"provisioner", "--kubeconfig=" + kubeconfig, "--volumes=" + c.Volumes()}
}

func kubelet(c layout.Cluster, node int) []string {
	config := c.NodeConfig(node)
	return []string{
		"--config=" + filepath.Join(config, "kubelet.yaml"), "--kubeconfig=" + filepath.Join(config, "kubelet.kubeconfig"),
		"--hostname-override=" + c.NodeName(node), "--node-ip=" + c.NodeIP(node),
		"--root-dir=/var/lib/kubelet", "--cert-dir=/var/lib/kubelet/pki", "--v=1",
	}
}

func kubeProxy(c layout.Cluster, node int) []string {
	return []string{
		"--config=" + filepath.Join(c.NodeConfig(node), "kube-proxy.yaml"), "--hostname-override=" + c.NodeName(node),
	}
}
