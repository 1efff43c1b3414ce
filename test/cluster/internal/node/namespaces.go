package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/volumes"
)

// setUp makes the namespaces that this process is in a node's.
func setUp(ctx context.Context, c layout.Cluster, node int) error {
	if err := setUpMounts(c, node); err != nil {
		return fmt.Errorf("set up mounts: %w", err)
	}
	if err := syscall.Sethostname([]byte(c.NodeName(node))); err != nil {
		return fmt.Errorf("set the host name: %w", err)
	}
	if err := setUpNetwork(ctx, c, node); err != nil {
		return fmt.Errorf("set up the network: %w", err)
	}
	return nil
}

// setUpMounts gives the node its own /proc, /run and the folders that
// layout.Private names. Nothing of it is seen outside.
func setUpMounts(c layout.Cluster, node int) error {
	if err := syscall.Mount("", "/", "", syscall.MS_SLAVE|syscall.MS_REC, ""); err != nil {
		return err
	}
	if err := leaveOthers(c); err != nil {
		return err
	}
	if err := syscall.Mount("", "/", "", syscall.MS_SHARED|syscall.MS_REC, ""); err != nil {
		return err
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", "/run", "tmpfs", 0, "mode=755"); err != nil {
		return err
	}
	for _, folder := range []string{"/run/lock", "/run/containerd", "/run/netns"} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	for _, folder := range layout.Private() {
		own := filepath.Join(c.NodeRoot(node), folder)
		if err := os.MkdirAll(own, 0o755); err != nil {
			return err
		}
		if err := syscall.Mount(own, folder, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("bind %s: %w", folder, err)
		}
		if err := syscall.Mount("", folder, "", syscall.MS_SHARED, ""); err != nil {
			return err
		}
	}
	return nil
}

// leaveOthers lets go of other clusters' disks, which would stay busy for as
// long as this node runs.
func leaveOthers(c layout.Cluster) error {
	mounts, err := volumes.MountsBelow(c.Root)
	if err != nil {
		return err
	}
	for _, point := range mounts {
		if strings.HasPrefix(point, c.Dir()+"/") {
			continue
		}
		if err := syscall.Unmount(point, syscall.MNT_DETACH); err != nil && !errors.Is(err, syscall.EINVAL) {
			return fmt.Errorf("let go of %s: %w", point, err)
		}
	}
	return nil
}

// setUpNetwork waits for the link to the cluster's bridge and configures it.
func setUpNetwork(ctx context.Context, c layout.Cluster, node int) error {
	for {
		if _, err := net.InterfaceByName("eth0"); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	commands := []string{
		"link set lo up", "addr replace " + c.NodeIP(node) + "/24 dev eth0", "link set eth0 up",
		"route replace default via " + c.HostIP(),
	}
	for peer := range layout.MaxNodes {
		if peer != node {
			commands = append(commands, "route replace "+c.NodePodCIDR(peer)+" via "+c.NodeIP(peer))
		}
	}
	for _, command := range commands {
		if err := shell.Run(ctx, "ip", strings.Fields(command)...); err != nil {
			return err
		}
	}
	for _, setting := range []string{"net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables", "net/ipv4/conf/all/route_localnet"} {
		if err := os.WriteFile("/proc/sys/"+setting, []byte("1"), 0); err != nil {
			return err
		}
	}
	return nil
}
