// Command addons is what a cluster runs besides Kubernetes itself, in one
// static binary: CoreDNS (with the plugins a cluster needs) and the provisioner
// and resizer of its volumes.
//
//	addons coredns -conf Corefile
//	addons provisioner --kubeconfig FILE --volumes FOLDER
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"

	"github.com/coredns/coredns/coremain"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"

	"github.com/dittofs/dittofs-operator/test/cluster/addons/btrfs"
	"github.com/dittofs/dittofs-operator/test/cluster/addons/provisioner"
	"github.com/dittofs/dittofs-operator/test/cluster/addons/resizer"
)

func main() {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
		os.Args = append(os.Args[:1], os.Args[2:]...)
	}
	switch command {
	case "coredns":
		coremain.Run()
	case "provisioner":
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
		defer stop()
		if err := provision(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "provisioner:", err)
			os.Exit(1)
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: addons coredns|provisioner [flags]")
		os.Exit(2)
	}
}

// provision runs the provisioner until ctx ends.
func provision(ctx context.Context) error {
	kubeconfig := flag.String("kubeconfig", "", "file that says how to reach the cluster")
	volumes := flag.String("volumes", "", "mounted btrfs file system in which volumes are made")
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	config.UserAgent = "volume-provisioner"
	config.QPS, config.Burst = 50, 100
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	pool := &btrfs.Pool{Root: *volumes}
	go resizer.Run(ctx, client, pool, provisioner.Name)
	controller.NewProvisionController(ctx, client, provisioner.Name, provisioner.New(pool), controller.LeaderElection(false)).Run(ctx)
	return nil
}
