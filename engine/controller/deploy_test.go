package controller

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/test/kubelet"
)

const simplePlans = `
plans:
  deploy:
    triggers: {created: true}
    phases:
    - name: main
      steps:
      - {name: one, tasks: [one]}
      - {name: two, tasks: [two]}
      - {name: server, tasks: [server]}
  update:
    triggers: {packageVersion: true}
    phases:
    - name: main
      steps:
      - {name: one, tasks: [one]}
      - {name: two, tasks: [two]}
      - {name: server, tasks: [server]}
  cleanup:
    triggers: {deleted: true}
    phases:
    - name: main
      steps:
      - {name: server, tasks: [remove]}
`

const simpleTasks = `
tasks:
- {name: one, kind: Apply, spec: {resources: [one.yaml]}}
- {name: two, kind: Apply, spec: {resources: [two.yaml]}}
- {name: server, kind: Apply, spec: {resources: [server.yaml]}}
- {name: remove, kind: Delete, spec: {resources: [server.yaml]}}
- {name: key, kind: Generate, spec: {resources: [secret.yaml], retain: true}}
`

func simple() *bedBuilder { return &bedBuilder{plans: simplePlans, tasks: simpleTasks} }

// bedBuilder states a test package; each test has a group of its own, since CRDs are shared.
type bedBuilder struct{ plans, tasks string }

func (s *bedBuilder) bed(t *testing.T, o kubelet.Options) *bed {
	t.Helper()
	group := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(t.Name(), "/", "-"), "Test"))
	return newBed(t, gizmoPackage(group+".example.org", s.plans, s.tasks), o)
}

func TestCreatedInstanceIsDeployed(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{"color": "blue"}))
	s := b.ready(o)

	if s.Plan.Name != "deploy" || s.Plan.State != api.RunComplete || s.Plan.Progress != "3/3" || s.Revision != 1 {
		t.Errorf("run is %s %s %s, revision %d", s.Plan.Name, s.Plan.State, s.Plan.Progress, s.Revision)
	}
	if cm := b.configMap("a-one"); cm == nil || cm.Data["color"] != "blue" || !metav1.IsControlledBy(cm, o) || cm.Labels[api.LabelInstance] != "a" {
		t.Errorf("ConfigMap is %v", cm)
	}
	if len(s.Inventory) != 3 || len(s.History) != 1 {
		t.Errorf("inventory %v, history %v", s.Inventory, s.History)
	}
	var d appsv1.Deployment
	must(t, b.client.Get(t.Context(), client.ObjectKey{Namespace: b.namespace, Name: "a"}, &d))
	if d.Spec.Template.Labels[api.LabelInstance] != "a" {
		t.Errorf("the Pod template is not labelled: %v", d.Spec.Template.Labels)
	}
}

func TestStepsAreWalkedInOnePassAndSavedOnce(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	// 3 objects, finalizer, package, revision, one save before the wait for the Deployment, one at the end.
	if n := b.writes.Load(); n > 8 {
		t.Errorf("%d writes for 3 objects, want at most 8", n)
	}
}

func TestNothingIsWrittenWhenNothingChanges(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	time.Sleep(300 * time.Millisecond)
	before := b.writes.Load()
	run := b.read(o).Plan.UID
	for i := range 60 {
		patch := client.MergeFrom(o.DeepCopy())
		o.SetAnnotations(map[string]string{"touched": fmt.Sprint(i)})
		o.SetLabels(map[string]string{"touched": fmt.Sprint(i)})
		must(t, b.client.Patch(t.Context(), o, patch))
	}
	time.Sleep(time.Second)
	if n := b.writes.Load() - before; n != 0 {
		t.Errorf("%d writes after edits that change nothing", n)
	}
	if s := b.read(o); s.Plan.UID != run {
		t.Errorf("another run was started: %s", s.Plan.Name)
	}
}

func TestChangedFieldRunsUpdateAndChangesOnlyWhatItMust(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	two := b.configMap("a-two").ResourceVersion
	b.edit(o, map[string]any{"color": "green"})
	s := b.ready(o)
	if s.Plan.Name != "update" || s.Plan.Reason != "spec.color changed" || s.Revision != 2 {
		t.Errorf("run is %s (%s), revision %d", s.Plan.Name, s.Plan.Reason, s.Revision)
	}
	if b.configMap("a-one").Data["color"] != "green" {
		t.Error("the change was not carried out")
	}
	if b.configMap("a-two").ResourceVersion != two {
		t.Error("an object that does not change was written")
	}
}

func TestWhatIsNoLongerRenderedIsPruned(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{"extra": true}))
	b.ready(o)
	if b.configMap("a-extra") == nil {
		t.Fatal("the extra was not made")
	}
	b.edit(o, map[string]any{"extra": false})
	b.ready(o)
	if b.configMap("a-extra") != nil {
		t.Error("the extra is still there")
	}
}

func TestEditDuringARunSupersedesItAndNothingIsLost(t *testing.T) {
	var ill atomic.Bool
	ill.Store(true)
	b := simple().bed(t, kubelet.Options{Ill: illDeployments(&ill)}).start()
	o := b.create(b.gizmo("a", map[string]any{"color": "blue"}))
	b.until(o, "server waits", func(s api.Status) bool { return s.Plan != nil && s.Plan.Step == "main/server" })
	b.edit(o, map[string]any{"color": "green", "size": int64(5)})
	s := b.until(o, "second run waits", func(s api.Status) bool {
		return s.Plan.Revision == 2 && s.Plan.Step == "main/server"
	})
	if s.History[0].State != api.RunSuperseded || len(s.Unfinished) != 1 {
		t.Errorf("history %v, unfinished %v", s.History, s.Unfinished)
	}
	ill.Store(false)
	b.touchDeployment("a")
	b.ready(o)
	if b.configMap("a-one").Data["color"] != "green" || b.configMap("a-two").Data["size"] != "5" {
		t.Error("a part of the edit was lost")
	}
}

func TestReadyIsNeverEarly(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	for i := range 50 {
		color := fmt.Sprintf("c%d", i)
		b.edit(o, map[string]any{"color": color})
		b.ready(o)
		if got := b.configMap("a-one").Data["color"]; got != color {
			t.Fatalf("edit %d: Ready while the color is still %s", i, got)
		}
	}
}

func TestTenParallelStepsRunAtOnce(t *testing.T) {
	var plans, tasks strings.Builder
	plans.WriteString("plans:\n  deploy:\n    triggers: {created: true}\n    phases:\n    - name: main\n      strategy: parallel\n      steps:\n")
	tasks.WriteString("tasks:\n")
	for i := range 10 {
		fmt.Fprintf(&plans, "      - {name: s%d, tasks: [t%d]}\n", i, i)
		fmt.Fprintf(&tasks, "- {name: t%d, kind: Http, spec: {endpoint: api, path: /slow, timeout: 20s}}\n", i)
	}
	tasks.WriteString("- {name: all, kind: Apply, spec: {resources: [one.yaml, two.yaml, server.yaml]}}\n- {name: key, kind: Generate, spec: {resources: [secret.yaml]}}\n")
	plans.WriteString("    - name: rest\n      steps:\n      - {name: all, tasks: [all, key]}\n")
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(5 * time.Second) }))
	defer server.Close()
	b := (&bedBuilder{plans.String(), tasks.String()}).bed(t, kubelet.Options{})
	b.resolve = func(context.Context, string, string, string) (string, error) {
		return strings.TrimPrefix(server.URL, "http://"), nil
	}
	b.start()
	o := b.create(b.gizmo("a", map[string]any{}))
	began := time.Now()
	b.ready(o)
	if took := time.Since(began); took > 7*time.Second {
		t.Errorf("ten parallel steps of 5s took %v", took)
	}
}

func TestGeneratedSecretSurvivesTheInstanceAndIsTakenBack(t *testing.T) {
	plans := strings.Replace(simplePlans, "- {name: one, tasks: [one]}", "- {name: key, tasks: [key]}", 1)
	b := (&bedBuilder{plans, simpleTasks}).bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	key := b.secret("a-key")
	must(t, b.client.Delete(t.Context(), o))
	b.eventually("a gone", func() error { return b.gone(o) })
	if cm := b.configMap("a-two"); cm != nil {
		t.Error("an object that is not retained outlived the instance")
	}
	again := b.create(b.gizmo("a", map[string]any{}))
	b.ready(again)
	if got := b.secret("a-key"); string(got.Data["key"]) != string(key.Data["key"]) || got.UID != key.UID {
		t.Error("the retained Secret was not taken back")
	}
}

func (b *bed) secret(name string) *corev1.Secret {
	b.t.Helper()
	var s corev1.Secret
	must(b.t, b.client.Get(b.t.Context(), client.ObjectKey{Namespace: b.namespace, Name: name}, &s))
	return &s
}

func (b *bed) gone(o client.Object) error {
	if err := b.client.Get(b.t.Context(), client.ObjectKeyFromObject(o), o); err == nil {
		return fmt.Errorf("%s is still there: %v", o.GetName(), o)
	}
	return nil
}
