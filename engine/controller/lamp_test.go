package controller

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/test/kubelet"
)

// lampServer is what a lamp answers: a login, and a greeting that wants a token.
func lampServer(t *testing.T) *httptest.Server {
	t.Helper()
	greeted := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/login":
			_ = json.NewEncoder(w).Encode(map[string]any{"token": "t", "expires_in": 600})
		case r.Header.Get("Authorization") != "Bearer t":
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodPost:
			greeted = true
			_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "firmware": "2.0"})
		default:
			_ = json.NewEncoder(w).Encode(map[string]any{"greeted": greeted})
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// The lamp package has nothing to do with any other: it proves that the engine is generic.
func TestLampIsCarriedOutByTheSameEngine(t *testing.T) {
	server := lampServer(t)
	b := newBed(t, os.DirFS("../testdata/packages/lamp"), kubelet.Options{})
	b.resolve = func(context.Context, string, string, string) (string, error) {
		return strings.TrimPrefix(server.URL, "http://"), nil
	}
	b.start()
	o := b.create(b.gizmo("hall", sample(t, b)))
	s := b.ready(o)
	if s.Plan.Name != "deploy" || s.Plan.State != api.RunComplete {
		t.Fatalf("run is %s %s", s.Plan.Name, s.Plan.State)
	}
	firmware, _, _ := unstructured.NestedString(o.Object, "status", "firmware")
	shining, _, _ := unstructured.NestedInt64(o.Object, "status", "shining")
	if firmware != "2.0" || shining < 1 {
		t.Errorf("firmware %q, shining %d", firmware, shining)
	}
	if !isTrue(o, s, "Available") {
		t.Errorf("not Available: %v", s.Conditions)
	}
	must(t, b.client.Delete(t.Context(), o))
	b.eventually("hall gone", func() error { return b.gone(o) })
}

// sample is a small spec that the package's schema accepts.
func sample(t *testing.T, b *bed) map[string]any {
	t.Helper()
	m, err := compile(b.pkg, b.pkg.Kinds[0])
	must(t, err)
	spec, problems := m.schema.Sample()
	must(t, problems.Err())
	return spec
}
