package controller

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/test/kubelet"
)

const callPlans = `
plans:
  deploy:
    triggers: {created: true}
    phases:
    - name: main
      steps:
      - {name: one, tasks: [one]}
  update:
    triggers: {packageVersion: true}
    phases:
    - name: main
      steps:
      - {name: call, tasks: [call]}
`

const callTasks = `
tasks:
- {name: one, kind: Apply, spec: {resources: [one.yaml]}}
- {name: call, kind: Http, spec: {endpoint: api, method: POST, path: /, timeout: 1m}}
`

// painted is a package whose instances show their color in the status.
func painted(group string) fs.FS {
	files := gizmoPackage(group, callPlans, callTasks).(fstest.MapFS)
	kind := string(files["gizmo/kind.yaml"].Data) + `
status:
- {name: paint, schema: {type: string, description: The color.}, value: self.spec.color}
`
	files["gizmo/kind.yaml"] = &fstest.MapFile{Data: []byte(kind)}
	return files
}

func TestCallWithoutAnAnswerIsWrittenDownOnce(t *testing.T) {
	silent := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-silent }))
	t.Cleanup(func() { close(silent); server.Close() })
	b := newBed(t, painted("silent.example.org"), kubelet.Options{})
	b.resolve = func(context.Context, string, string, string) (string, error) {
		return strings.TrimPrefix(server.URL, "http://"), nil
	}
	b.start()
	o := b.create(b.gizmo("mute", map[string]any{}))
	b.ready(o)
	watching, err := client.NewWithWatch(b.cfg, client.Options{})
	must(t, err)
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(o.GroupVersionKind())
	w, err := watching.Watch(t.Context(), list, client.InNamespace(b.namespace))
	must(t, err)
	defer w.Stop()

	b.edit(o, map[string]any{"size": int64(2)})
	b.until(o, "call under way", func(s api.Status) bool {
		return s.Plan.Name == "update" && len(s.Plan.Steps[0].InFlight) == 1
	})
	time.Sleep(300 * time.Millisecond)
	before := b.writes.Load()
	for n := range 5 { // somebody else keeps waking the engine
		b.touch(o, n)
		time.Sleep(100 * time.Millisecond)
	}
	if n := b.writes.Load() - before; n != 0 {
		t.Errorf("%d writes while a call was under way", n)
	}
	for seen := range settled(w) {
		if paint, _, _ := unstructured.NestedString(seen.Object, "status", "paint"); paint != "red" {
			t.Errorf("at resource version %s the package's own status is gone", seen.GetResourceVersion())
		}
	}
}

// settled yields what was watched, until nothing comes any more.
func settled(w watch.Interface) iter.Seq[*unstructured.Unstructured] {
	return func(yield func(*unstructured.Unstructured) bool) {
		for {
			select {
			case e := <-w.ResultChan():
				if o, ok := e.Object.(*unstructured.Unstructured); ok && !yield(o) {
					return
				}
			case <-time.After(300 * time.Millisecond):
				return
			}
		}
	}
}

// touch changes an annotation, which the engine sees and need not act upon.
func (b *bed) touch(o *unstructured.Unstructured, n int) {
	b.t.Helper()
	patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"touched":"%d"}}}`, n)
	must(b.t, b.client.Patch(b.t.Context(), o, client.RawPatch(types.MergePatchType, patch)))
}
