package envtest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"k8s.io/client-go/discovery"
)

func TestMain(m *testing.M) { os.Exit(Run(m)) }

func TestStartServesAndIsShared(t *testing.T) {
	first, second := Start(t), Start(t)
	if first == second || first.Host != second.Host {
		t.Fatalf("want copies of one configuration, got %p %s and %p %s", first, first.Host, second, second.Host)
	}
	client, err := discovery.NewDiscoveryClientForConfig(first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.RESTClient().Get().AbsPath("/readyz").DoRaw(context.Background()); err != nil {
		t.Fatalf("the API server does not answer: %v", err)
	}
}

// recorder is a test that notes why it failed.
type recorder struct{ said string }

func (r *recorder) Helper()                      {}
func (r *recorder) Fatalf(f string, args ...any) { r.said = fmt.Sprintf(f, args...) }

func TestAssetsMustBeThere(t *testing.T) {
	for value, want := range map[string]string{"": "is not set", t.TempDir(): "holds no kube-apiserver"} {
		t.Setenv(AssetsVariable, value)
		if _, err := assets(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s=%q: want an error with %q, got %v", AssetsVariable, value, want, err)
		}
	}
}

func TestStartFailsTheTestThatHasNoServer(t *testing.T) {
	Start(t)
	config := shared.config
	shared.config, shared.err = nil, fmt.Errorf("no etcd")
	defer func() { shared.config, shared.err = config, nil }()
	r := &recorder{}
	if got := Start(r); got != nil || !strings.Contains(r.said, "no etcd") {
		t.Fatalf("want a failed test that says why, got %v and %q", got, r.said)
	}
}
