package operatorpackage

import (
	"fmt"
	"os"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"github.com/dittofs/dittofs-operator/engine/schema"
)

const strict = client.FieldValidation(metav1.FieldValidationStrict)

// apiServer is a client of an API server that knows the package's kind.
func apiServer(t *testing.T) client.Client {
	t.Helper()
	if os.Getenv("KUBEBUILDER_ASSETS") == "" {
		t.Fatal("KUBEBUILDER_ASSETS is not set to a folder with kube-apiserver and etcd; use make test")
	}
	p, kind, _ := load(t)
	crd, err := schema.CRD(p, kind)
	if err != nil {
		t.Fatal(err)
	}
	plane := &envtest.Environment{CRDs: []*apiextensionsv1.CustomResourceDefinition{crd}}
	config, err := plane.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plane.Stop(); err != nil {
			t.Error(err)
		}
	})
	c, err := client.New(config, client.Options{Scheme: runtime.NewScheme()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func resource(name string, spec map[string]any) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"spec": runtime.DeepCopyJSON(spec)}}
	o.SetAPIVersion("dittofs.io/v1alpha1")
	o.SetKind("DittoFS")
	o.SetNamespace("default")
	o.SetName(name)
	return o
}

func TestAPIServer(t *testing.T) {
	c := apiServer(t)
	t.Run("refuses bad specs with the same reasons", func(t *testing.T) {
		for i, bad := range badSpecs(t) {
			err := submit(t, c, resource(fmt.Sprintf("bad-%d", i), bad.spec), bad.old)
			if err == nil || !strings.Contains(err.Error(), bad.message) {
				t.Errorf("%s: got %v, want an error that contains %q", bad.name, err, bad.message)
			}
		}
	})
	t.Run("takes samples and cases", func(t *testing.T) {
		for i, file := range glob(t, samples, cases) {
			if err := c.Create(t.Context(), resource(fmt.Sprintf("good-%d", i), specOf(t, file)), strict); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	})
	t.Run("takes what the templates render", func(t *testing.T) {
		_, kind, s := load(t)
		for _, file := range glob(t, cases) {
			for name, o := range objects(t, kind, s.Default(specOf(t, file))) {
				o.SetNamespace("default")
				if err := c.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(o), client.FieldOwner("test"), client.DryRunAll); err != nil {
					t.Errorf("%s: %s: %v", file, name, err)
				}
			}
		}
	})
}

// submit creates a resource, or changes it from an old spec.
func submit(t *testing.T, c client.Client, o *unstructured.Unstructured, old map[string]any) error {
	t.Helper()
	if old == nil {
		return c.Create(t.Context(), o, strict)
	}
	before := resource(o.GetName(), old)
	if err := c.Create(t.Context(), before, strict); err != nil {
		t.Errorf("the old spec is refused: %v", err)
	}
	o.SetResourceVersion(before.GetResourceVersion())
	return c.Update(t.Context(), o, strict)
}
