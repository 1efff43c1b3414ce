package controller

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/test/kubelet"
)

func illDeployments(ill *atomic.Bool) func(*unstructured.Unstructured) bool {
	return func(o *unstructured.Unstructured) bool { return o.GetKind() == "Deployment" && ill.Load() }
}

// touchDeployment makes the kubelet fixture look at the Deployment again.
func (b *bed) touchDeployment(name string) {
	b.t.Helper()
	var d appsv1.Deployment
	must(b.t, b.client.Get(b.t.Context(), client.ObjectKey{Namespace: b.namespace, Name: name}, &d))
	patch := client.MergeFrom(d.DeepCopy())
	d.Annotations["touched"] = time.Now().String()
	must(b.t, b.client.Patch(b.t.Context(), &d, patch))
}

func TestStepThatNeverGetsHealthyFailsAtItsLimitAndAGoodSpecHeals(t *testing.T) {
	var ill atomic.Bool
	ill.Store(true)
	plans := strings.ReplaceAll(simplePlans, "tasks: [server]}", "tasks: [server], timeout: 2s}")
	b := (&bedBuilder{plans, simpleTasks}).bed(t, kubelet.Options{Ill: illDeployments(&ill)}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	s := b.stalled(o)
	if s.Plan.State != api.RunFailed || !strings.Contains(s.Plan.Message, "Deployment/a") && !strings.Contains(s.Plan.Message, "Deployment a") {
		t.Errorf("run is %s: %q", s.Plan.State, s.Plan.Message)
	}
	before := s.Plan.UID
	time.Sleep(500 * time.Millisecond)
	if s := b.read(o); s.Plan.UID != before {
		t.Error("the failed plan was started again although nothing has changed")
	}
	ill.Store(false)
	b.edit(o, map[string]any{"image": "gizmo:2"})
	b.ready(o)
}

func TestRevertedEditUndoesWhatTheFailedRunDid(t *testing.T) {
	var ill atomic.Bool
	plans := strings.ReplaceAll(simplePlans, "tasks: [server]}", "tasks: [server], timeout: 2s}")
	b := (&bedBuilder{plans, simpleTasks}).bed(t, kubelet.Options{Ill: illDeployments(&ill)}).start()
	o := b.create(b.gizmo("a", map[string]any{"color": "blue"}))
	b.ready(o)
	ill.Store(true)
	b.edit(o, map[string]any{"color": "green", "image": "gizmo:bad"})
	b.stalled(o)
	ill.Store(false)
	b.edit(o, map[string]any{"color": "blue", "image": "gizmo:1"})
	b.ready(o)
	if got := b.configMap("a-one").Data["color"]; got != "blue" {
		t.Errorf("the color is still %s", got)
	}
}

func TestSuspendedInstanceStartsNothing(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{"operation": map[string]any{"suspend": true}}))
	s := b.until(o, "suspended", func(s api.Status) bool { return len(s.Conditions) > 0 })
	if s.Plan != nil || s.Conditions[0].Reason != "Suspended" || b.configMap("a-one") != nil {
		t.Errorf("plan %v, conditions %v", s.Plan, s.Conditions)
	}
	b.edit(o, map[string]any{"operation.suspend": false})
	s = b.ready(o)
	b.edit(o, map[string]any{"operation.suspend": true})
	b.ready(o)
	if after := b.read(o); after.Plan.UID != s.Plan.UID {
		t.Error("suspending an instance that is ready started a run")
	}
}

func TestDeletedInstanceCleansUpEvenInTheMiddleOfARun(t *testing.T) {
	var ill atomic.Bool
	ill.Store(true)
	b := simple().bed(t, kubelet.Options{Ill: illDeployments(&ill)}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.until(o, "server waits", func(s api.Status) bool { return s.Plan != nil && s.Plan.Step == "main/server" })
	must(t, b.client.Delete(t.Context(), o))
	b.eventually("a gone", func() error { return b.gone(o) })
	if b.configMap("a-one") != nil {
		t.Error("an object outlived its instance")
	}
}

func TestEngineThatIsKilledInTheMiddleGoesOn(t *testing.T) {
	var ill atomic.Bool
	ill.Store(true)
	b := simple().bed(t, kubelet.Options{Ill: illDeployments(&ill)}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	s := b.until(o, "server waits", func(s api.Status) bool { return s.Plan != nil && s.Plan.Step == "main/server" })
	one := b.configMap("a-one").ResourceVersion
	b.stop()
	ill.Store(false)
	b.touchDeployment("a")
	b.start()
	after := b.ready(o)
	if after.Plan.UID != s.Plan.UID || b.configMap("a-one").ResourceVersion != one {
		t.Errorf("run %s became %s; object at %s is at %s", s.Plan.UID, after.Plan.UID, one, b.configMap("a-one").ResourceVersion)
	}
	writes := b.writes.Load()
	b.stop()
	b.start()
	time.Sleep(time.Second)
	if n := b.writes.Load() - writes; n != 0 {
		t.Errorf("an engine that starts over finished work wrote %d times", n)
	}
}

func TestForeignObjectIsNotTakenOver(t *testing.T) {
	b := simple().bed(t, kubelet.Options{})
	foreign := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "data": map[string]any{"color": "mine"}}}
	foreign.SetNamespace(b.namespace)
	foreign.SetName("a-one")
	must(t, b.client.Create(t.Context(), foreign))
	b.start()
	o := b.create(b.gizmo("a", map[string]any{}))
	s := b.stalled(o)
	if !strings.Contains(s.Plan.Message, "ConfigMap/a-one") || b.configMap("a-one").Data["color"] != "mine" {
		t.Errorf("message %q, color %s", s.Plan.Message, b.configMap("a-one").Data["color"])
	}
}

func TestFailedPlanThatMayBeRepeatedHealsWhenItsCauseIsGone(t *testing.T) {
	var ill atomic.Bool
	ill.Store(true)
	plans := strings.ReplaceAll(simplePlans, "tasks: [server]}", "tasks: [server], timeout: 2s}")
	plans = strings.ReplaceAll(plans, "triggers: {created: true}", "triggers: {created: true}\n    retry: {backoff: 3s}")
	b := (&bedBuilder{plans, simpleTasks}).bed(t, kubelet.Options{Ill: illDeployments(&ill)}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	s := b.stalled(o)
	if c := meta.FindStatusCondition(s.Conditions, api.ConditionStalled); !strings.Contains(c.Message, "; tried again at ") {
		t.Errorf("message %q does not say when it is tried again", c.Message)
	}
	ill.Store(false)
	b.touchDeployment("a")
	healed := b.ready(o)
	if healed.Plan.UID == s.Plan.UID || healed.Plan.Revision != s.Plan.Revision {
		t.Errorf("run %s of revision %d became %s of %d", s.Plan.UID, s.Plan.Revision, healed.Plan.UID, healed.Plan.Revision)
	}
}

func TestSuspendedInstanceCanBeDeleted(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	b.edit(o, map[string]any{"operation": map[string]any{"suspend": true}})
	must(t, b.client.Delete(t.Context(), o))
	b.eventually("a gone", func() error { return b.gone(o) })
}

func TestAdviceIsNeverCutOff(t *testing.T) {
	got := advised(strings.Repeat("long ", 100), "; change the spec to try again")
	if len(got) != api.MaxMessageLength || !strings.HasSuffix(got, "...; change the spec to try again") {
		t.Errorf("%d characters: %q", len(got), got)
	}
}

func TestEachRunHasEventsOfItsOwn(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	b.edit(o, map[string]any{"color": "green"})
	b.ready(o)
	b.eventually("four events", func() error {
		var list eventsv1.EventList
		must(t, b.client.List(t.Context(), &list, client.InNamespace(b.namespace)))
		if len(list.Items) != 4 {
			return fmt.Errorf("%d events", len(list.Items))
		}
		return nil
	})
}
