package debian

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
)

// needed maps each package to the file that shows it is there: a program's
// name, or a path.
var needed = []struct{ pkg, shows string }{
	{"btrfs-progs", "mkfs.btrfs"},
	{"busybox-static", "/bin/busybox"},
	{"conntrack", "conntrack"},
	{"containerd", "containerd"},
	{"containernetworking-plugins", "/usr/lib/cni/bridge"},
	{"iproute2", "ip"},
	{"iptables", "iptables"},
	{"kmod", "modprobe"},
	{"libnfs-utils", "nfs-ls"}, // for suites that speak NFS to a Pod
	{"mount", "mount"},
	{"nftables", "nft"},
	{"runc", "runc"},
	{"util-linux", "nsenter"},
}

// Missing returns the packages whose programs are not there.
func Missing(there func(string) bool) []string {
	var packages []string
	for _, n := range needed {
		if !there(n.shows) {
			packages = append(packages, n.pkg)
		}
	}
	return packages
}

// Ensure installs what is missing, and asks for fresh package lists only when
// that fails without them. It needs root only if something is missing.
func Ensure(ctx context.Context, log func(string, ...any)) error {
	packages := Missing(func(name string) bool {
		_, err := exec.LookPath(name)
		return err == nil
	})
	if len(packages) == 0 {
		return nil
	}
	log("installing Debian packages: %s", strings.Join(packages, " "))
	os.Setenv("DEBIAN_FRONTEND", "noninteractive")
	install := append([]string{
		"-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "install",
	}, packages...)
	if shell.Run(ctx, "apt-get", install...) == nil {
		return nil
	}
	if err := shell.Run(ctx, "apt-get", "-qq", "update"); err != nil {
		return fmt.Errorf("refresh the package lists: %w", err)
	}
	if err := shell.Run(ctx, "apt-get", install...); err != nil {
		return fmt.Errorf("install %s: %w", strings.Join(packages, " "), err)
	}
	return nil
}
