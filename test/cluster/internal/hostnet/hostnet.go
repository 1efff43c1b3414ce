package hostnet

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
)

// Bridge makes the cluster's bridge, if it is not there, and gives it this
// machine's address.
func Bridge(ctx context.Context, c layout.Cluster) error {
	if !present(c.Bridge()) {
		if err := ip(ctx, "link add "+c.Bridge()+" type bridge"); err != nil {
			return err
		}
	}
	if err := ip(ctx, "addr replace "+c.HostIP()+"/24 dev "+c.Bridge()); err != nil {
		return err
	}
	return ip(ctx, "link set "+c.Bridge()+" up")
}

// Join links the node whose first process is pid to the bridge. A node that
// just started gets a new link; the one of its predecessor may linger.
func Join(ctx context.Context, c layout.Cluster, node, pid int, started bool) error {
	veth := c.Veth(node)
	if started && present(veth) {
		if err := ip(ctx, "link del "+veth); err != nil && present(veth) {
			return err
		}
	}
	if !present(veth) {
		if err := ip(ctx, "link add "+veth+" type veth peer name eth0 netns "+strconv.Itoa(pid)); err != nil {
			return err
		}
	}
	return ip(ctx, "link set "+veth+" master "+c.Bridge()+" up")
}

// Routes lets this machine reach all Pods and Services.
func Routes(ctx context.Context, c layout.Cluster) error {
	for node := range c.Nodes {
		if err := ip(ctx, "route replace "+c.NodePodCIDR(node)+" via "+c.NodeIP(node)+" dev "+c.Bridge()); err != nil {
			return err
		}
	}
	return ip(ctx, "route replace "+c.ServiceCIDR()+" via "+c.NodeIP(0)+" dev "+c.Bridge())
}

// Remove removes the links, and with them the routes.
func Remove(ctx context.Context, c layout.Cluster) error {
	links := []string{c.Bridge()}
	for node := range layout.MaxNodes {
		links = append(links, c.Veth(node))
	}
	for _, link := range links {
		if err := ip(ctx, "link del "+link); err != nil && present(link) {
			return err
		}
	}
	return nil
}

// Used returns the destinations of this machine's routes, but for the default.
func Used(ctx context.Context) ([]netip.Prefix, error) {
	out, err := shell.Output(ctx, nil, "ip", "-4", "route", "show", "table", "main")
	return parseRoutes(out), err
}

func parseRoutes(printed string) []netip.Prefix {
	var all []netip.Prefix
	for line := range strings.Lines(printed) {
		destination, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if prefix, err := netip.ParsePrefix(destination); err == nil {
			all = append(all, prefix)
		} else if addr, err := netip.ParseAddr(destination); err == nil {
			all = append(all, netip.PrefixFrom(addr, addr.BitLen()))
		}
	}
	return all
}

func present(link string) bool {
	_, err := net.InterfaceByName(link)
	return err == nil
}

func ip(ctx context.Context, command string) error {
	return shell.Run(ctx, "ip", strings.Fields(command)...)
}
