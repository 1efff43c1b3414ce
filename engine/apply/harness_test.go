package apply

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/envtest"
)

func TestMain(m *testing.M) { os.Exit(envtest.Run(m)) }

// bench is a namespace of its own on the API server, an Applier for it, and a client for everybody
// else. It counts the requests of the Applier.
type bench struct {
	*Applier
	t      *testing.T
	ctx    context.Context
	config *rest.Config
	owner  Owner
	other  client.Client
	seen   *requests
}

var firstRun = Stamp{Plan: "deploy", Step: "main/all", Run: "run-1"}

func newBench(t *testing.T) *bench {
	t.Helper()
	config := envtest.Start(t)
	web, err := rest.HTTPClientFor(config)
	must(t, err)
	mapper, err := apiutil.NewDynamicRESTMapper(config, web)
	must(t, err)
	b := &bench{t: t, ctx: t.Context(), config: config, seen: &requests{}}
	b.other, err = client.New(config, client.Options{Mapper: mapper})
	must(t, err)
	counted := rest.CopyConfig(config)
	counted.Wrap(b.seen.wrap)
	direct, err := client.New(counted, client.Options{Mapper: mapper})
	must(t, err)
	b.Applier = &Applier{Cache: startCache(t, config, mapper, CacheOptions()), Live: direct, Client: direct, Mapper: mapper}
	b.owner = ownerNamed("media", b.namespace(), "uid-1")
	return b
}

func startCache(t *testing.T, config *rest.Config, mapper meta.RESTMapper, options cache.Options) cache.Cache {
	t.Helper()
	options.Mapper = mapper
	c, err := cache.New(config, options)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Start(ctx) }()
	if !c.WaitForCacheSync(ctx) {
		t.Fatal("the cache did not start")
	}
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the cache failed: %v", err)
		}
	})
	return c
}

// namespace makes a namespace.
func (b *bench) namespace() string {
	b.t.Helper()
	ns := parse(b.t, "{apiVersion: v1, kind: Namespace, metadata: {generateName: apply-}}")
	must(b.t, b.other.Create(b.ctx, ns))
	return ns.GetName()
}

func ownerNamed(name, namespace, uid string) Owner {
	obj := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.org/v1", "kind": "Database"}}
	obj.SetName(name)
	obj.SetNamespace(namespace)
	obj.SetUID(types.UID(uid))
	return Owner{Object: obj, Package: "database"}
}

// apply applies and waits until the cache has caught up.
func (b *bench) apply(text string, o Options) (*unstructured.Unstructured, Change) {
	b.t.Helper()
	live, change, err := b.Apply(b.ctx, b.owner, firstRun, parse(b.t, text), o)
	must(b.t, err)
	b.catchUp(live)
	return live, change
}

// catchUp waits until the cache holds this version of the object or a later one.
func (b *bench) catchUp(live *unstructured.Unstructured) {
	b.t.Helper()
	eventually(b.t, "the cache to catch up", func() bool {
		obj, err := b.cached(b.ctx, live)
		return err == nil && obj != nil && version(b.t, obj) >= version(b.t, live)
	})
}

func version(t testing.TB, obj *unstructured.Unstructured) int {
	t.Helper()
	n, err := strconv.Atoi(obj.GetResourceVersion())
	must(t, err)
	return n
}

// forgotten waits until the cache does not hold the object any more.
func (b *bench) forgotten(like *unstructured.Unstructured) {
	b.t.Helper()
	eventually(b.t, "the cache to forget", func() bool {
		obj, err := b.cached(b.ctx, like)
		return err == nil && obj == nil
	})
}

// make creates an object as somebody else.
func (b *bench) make(text string) *unstructured.Unstructured {
	b.t.Helper()
	obj := parse(b.t, text)
	obj.SetNamespace(b.owner.namespace())
	must(b.t, b.other.Create(b.ctx, obj, client.FieldOwner("somebody")))
	return obj
}

// merge patches the object as somebody else and waits until the cache has caught up.
func (b *bench) merge(obj *unstructured.Unstructured, patch string) *unstructured.Unstructured {
	b.t.Helper()
	out := obj.DeepCopy()
	must(b.t, b.other.Patch(b.ctx, out, client.RawPatch(types.MergePatchType, []byte(patch)), client.FieldOwner("somebody")))
	return out
}

// now reads the object from the API server; nil when there is none.
func (b *bench) now(like *unstructured.Unstructured) *unstructured.Unstructured {
	b.t.Helper()
	obj, err := read(b.ctx, b.other, like)
	must(b.t, err)
	return obj
}

// collect does what the garbage collector does with an object that is deleted in the foreground or
// to orphan its dependents; the test's control plane has none.
func (b *bench) collect(like *unstructured.Unstructured) {
	b.t.Helper()
	must(b.t, client.IgnoreNotFound(b.other.Patch(b.ctx, like.DeepCopy(), client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`)))))
}

// expect compares the Applier's requests since the last call.
func (b *bench) expect(want ...string) {
	b.t.Helper()
	if got := b.seen.take(); !slices.Equal(got, want) {
		b.t.Errorf("want the requests %q, got %q", want, got)
	}
}

// requests is a transport that notes method and resource of each request for an object.
type requests struct {
	mu   sync.Mutex
	list []string
	next http.RoundTripper
}

func (r *requests) wrap(next http.RoundTripper) http.RoundTripper {
	r.next = next
	return r
}

func (r *requests) RoundTrip(request *http.Request) (*http.Response, error) {
	parts := strings.Split(request.URL.Path, "/")
	name := parts[len(parts)-1]
	if request.Method != http.MethodPost {
		name = parts[len(parts)-2] + "/" + name
	}
	r.mu.Lock()
	r.list = append(r.list, request.Method+" "+name)
	r.mu.Unlock()
	return r.next.RoundTrip(request)
}

func (r *requests) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list = nil
	return list
}

func parse(t testing.TB, text string) *unstructured.Unstructured {
	t.Helper()
	obj := &unstructured.Unstructured{}
	must(t, yaml.Unmarshal([]byte(text), &obj.Object))
	return obj
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

// wantVerdict checks class, reason and some words of an error.
func wantVerdict(t testing.TB, err error, class Class, reason string, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("want an error: %s %s", class, reason)
	}
	v := Classify(err)
	if v.Class != class || v.Reason != reason {
		t.Errorf("want %s %s, got %s %s: %s", class, reason, v.Class, v.Reason, v.Message)
	}
	for _, word := range words {
		if !strings.Contains(v.Message, word) {
			t.Errorf("want %q in the message %q", word, v.Message)
		}
	}
	if n := len([]rune(v.Message)); n == 0 || n > api.MaxMessageLength {
		t.Errorf("a message has 1 to %d characters, this one %d: %q", api.MaxMessageLength, n, v.Message)
	}
}

// value reads a nested field; nil when it is not there.
func value(obj *unstructured.Unstructured, path ...string) any {
	v, _, _ := unstructured.NestedFieldNoCopy(obj.Object, path...)
	return v
}

func configMap(name, data string) string {
	return fmt.Sprintf("{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: %s}", name, data)
}

func statefulSet(name, service string, replicas int) string {
	return fmt.Sprintf(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: %s}
spec:
  replicas: %d
  serviceName: %s
  selector: {matchLabels: {app: %s}}
  template:
    metadata: {labels: {app: %s}}
    spec:
      containers:
      - name: main
        image: registry.example.org/main:1
        ports: [{name: http, containerPort: 8080}]
        resources: {requests: {cpu: 1000m, memory: 1024Mi}}
        env: [{name: A, value: "1000m"}]
        volumeMounts: [{name: data, mountPath: /data}]
      volumes:
      - name: tmp
        emptyDir: {}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}
`, name, replicas, service, name, name)
}
