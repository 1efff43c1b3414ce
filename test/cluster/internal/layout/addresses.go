package layout

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
)

// Slots is how many clusters have addresses of their own.
const Slots = 16

// HostIP is this machine on the cluster's bridge.
func (c Cluster) HostIP() string { return fmt.Sprintf("10.89.%d.1", c.Slot) }

// NodeIP is a node on the cluster's bridge. Node 0 has the control plane.
func (c Cluster) NodeIP(node int) string { return fmt.Sprintf("10.89.%d.%d", c.Slot, node+2) }

// PodCIDR has the addresses of all Pods.
func (c Cluster) PodCIDR() string { return fmt.Sprintf("10.%d.0.0/16", 160+c.Slot) }

// NodePodCIDR has the addresses of a node's Pods.
func (c Cluster) NodePodCIDR(node int) string { return fmt.Sprintf("10.%d.%d.0/24", 160+c.Slot, node) }

// ServiceCIDR has the addresses of Services.
func (c Cluster) ServiceCIDR() string { return fmt.Sprintf("10.%d.0.0/16", 192+c.Slot) }

// APIService is the address of the Service kubernetes.
func (c Cluster) APIService() string { return fmt.Sprintf("10.%d.0.1", 192+c.Slot) }

// DNSService is the address of the cluster's DNS.
func (c Cluster) DNSService() string { return fmt.Sprintf("10.%d.0.10", 192+c.Slot) }

// Server is the API's URL.
func (c Cluster) Server() string { return "https://" + c.NodeIP(0) + ":6443" }

// NodeName is a node's name in the cluster and as a host.
func (c Cluster) NodeName(node int) string { return fmt.Sprintf("%s-node%d", c.Name, node) }

// Cgroup is the cluster's control group, from the root of the hierarchy.
func (c Cluster) Cgroup() string { return "/dittofs-cluster-" + c.Name + "-" + c.mark() }

// NodeCgroup is a node's: its daemons are in /system below, its Pods in
// /kubepods.
func (c Cluster) NodeCgroup(node int) string { return fmt.Sprintf("%s/node%d", c.Cgroup(), node) }

// Bridge is the link that joins the nodes and this machine. It follows from the
// name alone, so that it can be removed when all records are lost.
func (c Cluster) Bridge() string { return c.link() + "-br" }

// Veth is this machine's end of the link to a node.
func (c Cluster) Veth(node int) string { return fmt.Sprintf("%s-n%d", c.link(), node) }

// link starts the names of all links; a link's name has at most 15 characters.
func (c Cluster) link() string { return "dfs" + c.mark() }

// mark tells this cluster from all others of the machine, of any root.
func (c Cluster) mark() string {
	sum := sha256.Sum256([]byte(c.Dir()))
	return fmt.Sprintf("%x", sum[:3])
}

// networks are all ranges of a slot.
func networks(slot int) []netip.Prefix {
	c := Cluster{Slot: slot}
	return []netip.Prefix{
		netip.MustParsePrefix(c.HostIP() + "/24").Masked(),
		netip.MustParsePrefix(c.PodCIDR()),
		netip.MustParsePrefix(c.ServiceCIDR()),
	}
}

// PickSlot returns the lowest slot that no other cluster has and whose addresses
// none of the machine's routes covers.
func PickSlot(taken []int, routes []netip.Prefix) (int, error) {
	for slot := range Slots {
		if free(slot, taken, routes) {
			return slot, nil
		}
	}
	return 0, fmt.Errorf("all %d address ranges for clusters are in use", Slots)
}

func free(slot int, taken []int, routes []netip.Prefix) bool {
	for _, t := range taken {
		if t == slot {
			return false
		}
	}
	for _, network := range networks(slot) {
		for _, route := range routes {
			if network.Overlaps(route) {
				return false
			}
		}
	}
	return true
}

// TakenSlots are the slots recorded by all clusters below root.
func TakenSlots(root string) ([]int, error) {
	names, err := Names(root)
	if err != nil {
		return nil, err
	}
	var taken []int
	for _, name := range names {
		if c, found, err := Load(root, name); err != nil {
			return nil, err
		} else if found {
			taken = append(taken, c.Slot)
		}
	}
	return taken, nil
}
