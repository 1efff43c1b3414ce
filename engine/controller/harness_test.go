package controller

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/envtest"
	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/schema"
	"github.com/dittofs/dittofs-operator/engine/task"
	"github.com/dittofs/dittofs-operator/test/kubelet"
)

// bed is an API server with one package installed, and an engine that can be stopped and started.
type bed struct {
	t         *testing.T
	cfg       *rest.Config
	client    client.Client
	pkg       *api.Package
	files     fs.FS
	namespace string
	resolve   task.Resolver
	// writes counts what the engine sends besides reads.
	writes atomic.Int64
	stop   func()
}

var namespaces atomic.Int64

// newBed installs the package's CRDs, makes a namespace and starts an engine and a kubelet.
func newBed(t *testing.T, files fs.FS, o kubelet.Options) *bed {
	t.Helper()
	cfg := envtest.Start(t)
	cfg.QPS = -1
	scheme := runtime.NewScheme()
	must(t, clientgoscheme.AddToScheme(scheme))
	must(t, apiextensionsv1.AddToScheme(scheme))
	c, err := client.New(cfg, client.Options{Scheme: scheme})
	must(t, err)
	p, problems := packages.Load(files)
	must(t, problems.Err())
	b := &bed{t: t, cfg: cfg, client: c, pkg: p, files: files, namespace: fmt.Sprintf("test-%d", namespaces.Add(1))}
	for _, k := range p.Kinds {
		crd, err := schema.CRD(p, k)
		must(t, err)
		must(t, client.IgnoreAlreadyExists(c.Create(t.Context(), crd)))
		b.eventually("CRD established", func() error {
			must(t, c.Get(t.Context(), client.ObjectKeyFromObject(crd), crd))
			for _, cond := range crd.Status.Conditions {
				if cond.Type == apiextensionsv1.Established && cond.Status == apiextensionsv1.ConditionTrue {
					return nil
				}
			}
			return fmt.Errorf("not yet")
		})
	}
	must(t, c.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: b.namespace}}))
	must(t, kubelet.Start(t.Context(), cfg, o))
	return b
}

func (b *bed) systemNamespace() string { return b.namespace }

// start starts an engine; it stops with the test or by b.stop.
func (b *bed) start() *bed {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	cfg := rest.CopyConfig(b.cfg)
	cfg.Wrap(func(rt http.RoundTripper) http.RoundTripper { return counting{rt, &b.writes} })
	pkgs, err := LoadPackages(b.files)
	must(b.t, err)
	cacheOptions := CacheOptions(pkgs, []string{b.namespace})
	skip := true
	mgr, err := ctrl.NewManager(cfg, ctrl.Options{
		Scheme: clientgoscheme.Scheme, Cache: cacheOptions,
		Client:     client.Options{Cache: &client.CacheOptions{Unstructured: true}},
		Metrics:    metricsserver.Options{BindAddress: "0"},
		Controller: config.Controller{SkipNameValidation: &skip},
	})
	must(b.t, err)
	must(b.t, Setup(ctx, mgr, Options{Packages: pkgs, SystemNamespace: b.systemNamespace(), Resolve: b.resolve, SkipNameValidation: true}))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := mgr.Start(ctx); err != nil {
			b.t.Errorf("engine: %v", err)
		}
	}()
	b.stop = func() { cancel(); <-ended }
	b.t.Cleanup(b.stop)
	return b
}

// counting counts requests that change something.
type counting struct {
	http.RoundTripper
	writes *atomic.Int64
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "/events") {
		c.writes.Add(1)
	}
	return c.RoundTripper.RoundTrip(r)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually repeats f until it returns nil, for at most 30 s.
func (b *bed) eventually(what string, f func() error) {
	b.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// gizmo returns an instance of the test kind.
func (b *bed) gizmo(name string, spec map[string]any) *unstructured.Unstructured {
	k := b.pkg.Kinds[0]
	o := &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	o.SetAPIVersion(b.pkg.Group + "/" + k.Version)
	o.SetKind(k.Names.Kind)
	o.SetNamespace(b.namespace)
	o.SetName(name)
	return o
}

func (b *bed) create(o *unstructured.Unstructured) *unstructured.Unstructured {
	b.t.Helper()
	must(b.t, b.client.Create(b.t.Context(), o))
	return o
}

func (b *bed) read(o *unstructured.Unstructured) api.Status {
	b.t.Helper()
	must(b.t, b.client.Get(b.t.Context(), client.ObjectKeyFromObject(o), o))
	s, err := readStatus(o)
	must(b.t, err)
	return s
}

// edit changes spec fields of the instance.
func (b *bed) edit(o *unstructured.Unstructured, spec map[string]any) {
	b.t.Helper()
	patch := client.MergeFrom(o.DeepCopy())
	for k, v := range spec {
		must(b.t, unstructured.SetNestedField(o.Object, v, append([]string{"spec"}, strings.Split(k, ".")...)...))
	}
	must(b.t, b.client.Patch(b.t.Context(), o, patch))
}

// until waits for the instance's status to satisfy f.
func (b *bed) until(o *unstructured.Unstructured, what string, f func(api.Status) bool) api.Status {
	b.t.Helper()
	var s api.Status
	b.eventually(what, func() error {
		s = b.read(o)
		if f(s) {
			return nil
		}
		return fmt.Errorf("status is %v", o.Object["status"])
	})
	return s
}

// ready waits until the present generation is carried out.
func (b *bed) ready(o *unstructured.Unstructured) api.Status {
	b.t.Helper()
	return b.until(o, o.GetName()+" ready", func(s api.Status) bool { return isTrue(o, s, api.ConditionReady) })
}

// stalled waits until the present generation is given up.
func (b *bed) stalled(o *unstructured.Unstructured) api.Status {
	b.t.Helper()
	return b.until(o, o.GetName()+" stalled", func(s api.Status) bool { return isTrue(o, s, api.ConditionStalled) })
}

func isTrue(o *unstructured.Unstructured, s api.Status, condition string) bool {
	c := meta.FindStatusCondition(s.Conditions, condition)
	return c != nil && c.Status == metav1.ConditionTrue && c.ObservedGeneration == o.GetGeneration()
}

func (b *bed) configMap(name string) *corev1.ConfigMap {
	b.t.Helper()
	var cm corev1.ConfigMap
	err := b.client.Get(b.t.Context(), client.ObjectKey{Namespace: b.namespace, Name: name}, &cm)
	if apierrors.IsNotFound(err) {
		return nil
	}
	must(b.t, err)
	return &cm
}

// gizmoPackage is a package of one kind whose plans and tasks the test states.
func gizmoPackage(group, plans, tasks string) fs.FS {
	return fstest.MapFS{
		"operator.yaml":     {Data: []byte("apiVersion: planengine.dev/v1\nname: gizmo\nversion: 1.0.0\ngroup: " + group + "\nkinds: [gizmo]\n")},
		"gizmo/kind.yaml":   {Data: []byte("kind: Gizmo\nplural: gizmos\nversion: v1\nendpoints:\n- {name: api, service: '{{ .Name }}', port: http}\n")},
		"gizmo/schema.yaml": {Data: []byte(gizmoSchema)},
		"gizmo/plans.yaml":  {Data: []byte(plans)},
		"gizmo/tasks.yaml":  {Data: []byte(tasks)},
		"gizmo/templates/one.yaml": {Data: []byte(`apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Name }}-one
data:
  color: {{ .Spec.color }}
`)},
		"gizmo/templates/two.yaml": {Data: []byte(`apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Name }}-two
data:
  size: {{ .Spec.size | quote }}
{{- if .Spec.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Name }}-extra
{{- end }}
`)},
		"gizmo/templates/server.yaml": {Data: []byte(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Name }}
spec:
  replicas: 1
  selector:
    matchLabels: {app: {{ .Name }}}
  template:
    metadata:
      labels: {app: {{ .Name }}}
    spec:
      containers:
        - name: main
          image: {{ .Spec.image }}
`)},
		"gizmo/templates/secret.yaml": {Data: []byte(`apiVersion: v1
kind: Secret
metadata:
  name: {{ .Name }}-key
stringData:
  key: {{ randAlphaNum 20 }}
`)},
	}
}

const gizmoSchema = `
type: object
description: What a gizmo shall be.
properties:
  color: {type: string, default: red, description: Its color., maxLength: 200}
  size: {type: integer, default: 1, description: Its size., minimum: 0, maximum: 10}
  extra: {type: boolean, default: false, description: Whether there is an extra.}
  image: {type: string, default: "gizmo:1", description: The image to run.}
`
