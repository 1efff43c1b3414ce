package layout

import (
	"fmt"
	"path/filepath"
)

// Dir is the cluster's own folder.
func (c Cluster) Dir() string { return filepath.Join(c.Root, c.Name) }

// Lock is the file that serialises commands on this cluster.
func (c Cluster) Lock() string { return filepath.Join(c.Root, c.Name+".lock") }

// Program is the copy of this tool that the nodes run; its path tells their
// processes from all others.
func (c Cluster) Program() string { return filepath.Join(c.Dir(), "cluster") }

// Kubeconfig is the administrator's.
func (c Cluster) Kubeconfig() string { return filepath.Join(c.Dir(), "kubeconfig") }

// PKI is the folder with keys and certificates.
func (c Cluster) PKI() string { return filepath.Join(c.Dir(), "pki") }

// ConfigDir is the folder with the daemons' configuration.
func (c Cluster) ConfigDir() string { return filepath.Join(c.Dir(), "config") }

// Etcd is the folder with the cluster's objects.
func (c Cluster) Etcd() string { return filepath.Join(c.Dir(), "etcd") }

// AuditLog has one JSON line for each finished API call.
func (c Cluster) AuditLog() string { return filepath.Join(c.Dir(), "audit", "audit.log") }

// VolumesImage is the disk image that volumes lie in.
func (c Cluster) VolumesImage() string { return filepath.Join(c.Dir(), "volumes.btrfs") }

// Volumes is where that image is mounted.
func (c Cluster) Volumes() string { return filepath.Join(c.Dir(), "volumes") }

// NodeDir is a node's folder.
func (c Cluster) NodeDir(node int) string { return filepath.Join(c.Dir(), fmt.Sprintf("node%d", node)) }

// NodeConfig is the folder with a node's own configuration.
func (c Cluster) NodeConfig(node int) string { return filepath.Join(c.NodeDir(node), "config") }

// NodeLogs is the folder with a log for each daemon of a node.
func (c Cluster) NodeLogs(node int) string { return filepath.Join(c.NodeDir(node), "logs") }

// NodeRoot holds what a node has in place of the machine's folders: its
// /var/lib/kubelet, for one, is NodeRoot/var/lib/kubelet.
func (c Cluster) NodeRoot(node int) string { return filepath.Join(c.NodeDir(node), "root") }

// Private are the folders of the machine that each node has its own of.
func Private() []string {
	return []string{
		"/etc/cni", "/var/lib/cni", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/containers", "/var/log/pods",
	}
}
