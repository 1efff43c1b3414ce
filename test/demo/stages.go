package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"github.com/dittofs/dittofs-operator/test/internal/command"
)

// demo is what the stages know of each other's results.
type demo struct {
	cluster, namespace, sample string

	own  bool   // the cluster is ours, on this machine
	name string // of the DittoFS
}

func (d *demo) stages() []stage {
	there := "kubectl must reach the cluster of KUBECONFIG, as an administrator"
	dittofs := []stage{
		{"run a DittoFS", fmt.Sprintf("bin/kubectl-plan status -n %s dfs; kubectl get events -n %[1]s", d.namespace), d.deploy},
		{"make a share", "kubectl logs -n " + d.namespace + " -l planengine.dev/kind=DittoFS --tail=50", d.share},
		{"write and read a file over NFS", "kubectl logs -n " + d.namespace + " -l planengine.dev/kind=DittoFS --tail=50", d.file},
	}
	if !d.own {
		return append([]stage{
			{"find the cluster", there, d.find},
			{"install the operator", "the nodes must be able to pull the image that config/manager names", d.install},
		}, dittofs...)
	}
	return append([]stage{
		{"start a cluster", "go run ./test/cluster status --name " + d.cluster, d.up},
		{"build and load the images", "make image image-sim", d.load},
		{"install the operator", "make logs NAME=" + d.cluster, d.installLoaded},
	}, dittofs...)
}

func (d *demo) up(ctx context.Context) error {
	if err := command.Stream(ctx, "make", "-s", "cluster-up", "NAME="+d.cluster); err != nil {
		return err
	}
	config, err := command.Output(ctx, "go", "run", "./test/cluster", "kubeconfig", "--path", "--name", d.cluster)
	if err != nil {
		return err
	}
	assets, err := command.Output(ctx, "go", "run", "./test/cluster", "assets")
	if err != nil {
		return err
	}
	return errors.Join(os.Setenv("KUBECONFIG", config), os.Setenv("PATH", assets+":"+os.Getenv("PATH")))
}

func (d *demo) load(ctx context.Context) error {
	return command.Stream(ctx, "make", "-s", "load", "NAME="+d.cluster)
}

func (d *demo) installLoaded(ctx context.Context) error {
	return command.Stream(ctx, "make", "-s", "install", "NAME="+d.cluster)
}

func (d *demo) find(ctx context.Context) error {
	return command.Stream(ctx, "kubectl", "version")
}

func (d *demo) install(ctx context.Context) error {
	if err := command.Stream(ctx, "kubectl", "apply", "-k", "config/default"); err != nil {
		return err
	}
	return command.Stream(ctx, "kubectl", "-n", "dittofs-system", "rollout", "status", "deployment/dittofs-operator", "--timeout=180s")
}

// deploy applies the sample and shows its plan until it is ready.
func (d *demo) deploy(ctx context.Context) error {
	if err := d.ensureNamespace(ctx); err != nil {
		return err
	}
	applied, err := command.Output(ctx, "kubectl", "apply", "-n", d.namespace, "-f", d.sample, "-o", "name")
	if err != nil {
		return err
	}
	d.name = path.Base(strings.Fields(applied)[0])
	fmt.Printf("applied %s as %s\n\n", d.sample, applied)
	watching, stop := context.WithTimeout(ctx, 10*time.Minute)
	defer stop()
	if err := command.Stream(watching, "bin/kubectl-plan", "status", "-n", d.namespace, "dfs/"+d.name, "-w"); err != nil {
		return err
	}
	if _, err := command.Output(ctx, "kubectl", "wait", "-n", d.namespace, "dfs/"+d.name, "--for=condition=Ready", "--timeout=10s"); err != nil {
		return err
	}
	return command.Stream(ctx, "kubectl", "get", "dfs", d.name, "-n", d.namespace)
}

// ensureNamespace makes the namespace one that refuses Pods with any privilege.
func (d *demo) ensureNamespace(ctx context.Context) error {
	if _, err := command.Output(ctx, "kubectl", "get", "namespace", d.namespace); err == nil {
		return nil
	}
	if err := command.Stream(ctx, "kubectl", "create", "namespace", d.namespace); err != nil {
		return err
	}
	return command.Stream(ctx, "kubectl", "label", "namespace", d.namespace, "pod-security.kubernetes.io/enforce=restricted")
}
