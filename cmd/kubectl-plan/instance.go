package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// instance is a custom resource that the engine serves.
type instance struct {
	resource dynamic.ResourceInterface
	// display is what the user called it: kind/name.
	display, name, namespace string
}

// instanceArgs takes KIND/NAME, or KIND NAME as kubectl does.
func instanceArgs(_ *cobra.Command, args []string) error {
	_, _, err := kindAndName(args)
	return err
}

func kindAndName(args []string) (kind, name string, err error) {
	switch {
	case len(args) == 1:
		kind, name, _ = strings.Cut(args[0], "/")
	case len(args) == 2:
		kind, name = args[0], args[1]
	}
	if kind == "" || name == "" || strings.Contains(name, "/") {
		return "", "", fmt.Errorf("name one instance as KIND/NAME, such as dfs/media, instead of %q", strings.Join(args, " "))
	}
	return kind, name, nil
}

// find resolves an instance, with kinds as kubectl knows them: full, plural or short.
func (c *cluster) find(args []string) (*instance, error) {
	kind, name, err := kindAndName(args)
	if err != nil {
		return nil, err
	}
	cfg, err := c.config().ClientConfig()
	if err != nil {
		return nil, noCluster(err)
	}
	namespace, _, err := c.config().Namespace()
	if err != nil {
		return nil, noCluster(err)
	}
	disco, err := discovery.NewDiscoveryClientForConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	client, err := dynamic.NewForConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	gvr, err := resource(memory.NewMemCacheClient(disco), kind)
	if err != nil {
		return nil, reach(err, cfg.Host)
	}
	return &instance{resource: client.Resource(gvr).Namespace(namespace), display: kind + "/" + name, name: name, namespace: namespace}, nil
}

// noCluster says what to do when the kubeconfig names no cluster.
func noCluster(err error) error {
	if clientcmd.IsEmptyConfig(err) {
		return errors.New("no cluster is configured: set KUBECONFIG, or pass --kubeconfig")
	}
	return fmt.Errorf("find the cluster: %w", err)
}

// reach says which cluster does not answer.
func reach(err error, host string) error {
	if network := (net.Error)(nil); errors.As(err, &network) {
		return fmt.Errorf("the cluster at %s does not answer: %w", host, err)
	}
	return err
}

func resource(d discovery.CachedDiscoveryInterface, kind string) (schema.GroupVersionResource, error) {
	mapper := restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(d), d, func(string) {})
	gvr, err := mapper.ResourceFor(schema.ParseGroupResource(kind).WithVersion(""))
	if meta.IsNoMatchError(err) {
		return gvr, fmt.Errorf("the cluster has no resource %q: are the CustomResourceDefinitions installed?", kind)
	}
	if err != nil {
		return gvr, fmt.Errorf("look up resource %q: %w", kind, err)
	}
	return gvr, nil
}

// get reads the instance and its status.
func (i *instance) get(ctx context.Context) (*unstructured.Unstructured, *api.Status, error) {
	o, err := i.resource.Get(ctx, i.name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil, fmt.Errorf("%s does not exist in namespace %s; -n names another namespace", i.display, i.namespace)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("get %s: %w", i.display, err)
	}
	if o.Object["status"] != nil && !slices.Contains(o.GetFinalizers(), api.Finalizer) && o.GetDeletionTimestamp() == nil {
		return nil, nil, fmt.Errorf("%s is not run by plans: it lacks the finalizer %s", i.display, api.Finalizer)
	}
	s, err := statusOf(o)
	return o, s, err
}

func statusOf(o *unstructured.Unstructured) (*api.Status, error) {
	data, err := json.Marshal(o.Object["status"])
	if err != nil {
		return nil, fmt.Errorf("read status of %s: %w", o.GetName(), err)
	}
	var s api.Status
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("read status of %s: %w", o.GetName(), err)
	}
	return &s, nil
}
