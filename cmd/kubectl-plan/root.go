package main

import (
	"github.com/spf13/cobra"
	"k8s.io/client-go/tools/clientcmd"
)

// version is set at build time.
var version = "dev"

// cluster are the flags that say which cluster is meant.
type cluster struct {
	kubeconfig, context, namespace string
}

func newRoot() *cobra.Command {
	c := &cluster{}
	root := &cobra.Command{
		Use:           "kubectl-plan",
		Short:         "Show plans at work and work with operator packages",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl plan"},
	}
	f := root.PersistentFlags()
	f.StringVar(&c.kubeconfig, "kubeconfig", "", "path of the kubeconfig file")
	f.StringVar(&c.context, "context", "", "context of the kubeconfig to use")
	f.StringVarP(&c.namespace, "namespace", "n", "", "namespace of the instance")
	root.AddCommand(newStatus(c), newHistory(c), newPackage())
	return root
}

// config reads the kubeconfig the way kubectl does.
func (c *cluster) config() clientcmd.ClientConfig {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = c.kubeconfig
	overrides := &clientcmd.ConfigOverrides{CurrentContext: c.context}
	overrides.Context.Namespace = c.namespace
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides)
}
