package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// instance is a custom resource that the engine serves.
type instance struct {
	resource dynamic.ResourceInterface
	// display is what the user called it: kind/name.
	display, name string
}

// find resolves KIND/NAME, with kinds as kubectl knows them: full, plural or short.
func (c *cluster) find(arg string) (*instance, error) {
	kind, name, ok := strings.Cut(arg, "/")
	if !ok || kind == "" || name == "" {
		return nil, fmt.Errorf("%q is not of the form KIND/NAME, such as dfs/media", arg)
	}
	cfg, err := c.config().ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("find the cluster: %w", err)
	}
	namespace, _, err := c.config().Namespace()
	if err != nil {
		return nil, fmt.Errorf("find the namespace: %w", err)
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
		return nil, err
	}
	return &instance{resource: client.Resource(gvr).Namespace(namespace), display: arg, name: name}, nil
}

func resource(d discovery.CachedDiscoveryInterface, kind string) (schema.GroupVersionResource, error) {
	var warnings []string
	mapper := restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(d), d, func(w string) { warnings = append(warnings, w) })
	gvr, err := mapper.ResourceFor(schema.ParseGroupResource(kind).WithVersion(""))
	if meta.IsNoMatchError(err) {
		return gvr, fmt.Errorf("the cluster has no resource %q: are the CustomResourceDefinitions installed?", kind)
	}
	if err != nil {
		return gvr, fmt.Errorf("look up resource %q: %w", kind, err)
	}
	return gvr, nil
}

// get reads the instance's status.
func (i *instance) get(ctx context.Context) (*unstructured.Unstructured, *api.Status, error) {
	o, err := i.resource.Get(ctx, i.name, metav1.GetOptions{})
	if err != nil {
		return nil, nil, fmt.Errorf("get %s: %w", i.display, err)
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
