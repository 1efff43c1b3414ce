package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var lamps = schema.GroupVersionResource{Group: "lamps.example.org", Version: "v1", Resource: "lamps"}

// kitchen is a lamp with conditions that speak of its present generation.
func kitchen(conditions map[string]string) *unstructured.Unstructured {
	list := []any{}
	for name, status := range conditions {
		list = append(list, map[string]any{"type": name, "status": status, "reason": name + status, "message": "it says so", "lastTransitionTime": "2026-03-04T12:00:00Z"})
	}
	o := &unstructured.Unstructured{Object: map[string]any{
		"spec":   map[string]any{},
		"status": map[string]any{"observedGeneration": int64(2), "conditions": list},
	}}
	o.SetGroupVersionKind(lamps.GroupVersion().WithKind("Lamp"))
	o.SetNamespace("home")
	o.SetName("kitchen")
	o.SetGeneration(2)
	o.SetFinalizers([]string{api.Finalizer})
	return o
}

// watched is the lamp in a cluster that is only played, with one watcher after another.
func watched(o *unstructured.Unstructured, watchers ...*watch.FakeWatcher) *instance {
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{lamps: "LampList"}, o)
	next := 0
	client.PrependWatchReactor("*", func(clienttesting.Action) (bool, watch.Interface, error) {
		next++
		return true, watchers[next-1], nil
	})
	return &instance{resource: client.Resource(lamps).Namespace("home"), display: "lamp/kitchen", name: "kitchen", namespace: "home"}
}

func follow(t *testing.T, i *instance) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := i.follow(t.Context(), newScreen(&out), time.Hour)
	return out.String(), err
}

func TestFollowUntilReady(t *testing.T) {
	w := watch.NewFakeWithChanSize(3, false)
	w.Modify(kitchen(map[string]string{"Ready": "False"}))
	w.Modify(kitchen(map[string]string{"Ready": "True"}))
	out, err := follow(t, watched(kitchen(nil), w))
	if err != nil || !strings.HasSuffix(out, "Ready: it says so\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestFollowFailsWhenAPersonIsNeeded(t *testing.T) {
	w := watch.NewFakeWithChanSize(1, false)
	w.Modify(kitchen(map[string]string{"Ready": "False", "Stalled": "True"}))
	out, err := follow(t, watched(kitchen(nil), w))
	if err == nil || err.Error() != "lamp/kitchen needs a person: StalledTrue" || !strings.Contains(out, "not Ready (ReadyFalse): it says so") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestFollowDoesNotBelieveAnOldGeneration(t *testing.T) {
	old := kitchen(map[string]string{"Ready": "True", "Stalled": "True"})
	old.SetGeneration(3)
	w := watch.NewFakeWithChanSize(2, false)
	w.Modify(old)
	last := kitchen(map[string]string{"Ready": "True"})
	last.SetLabels(map[string]string{"newest": "yes"})
	w.Modify(last)
	if out, err := follow(t, watched(old, w)); err != nil || len(w.ResultChan()) > 0 {
		t.Errorf("it ended before the newest generation was looked at: %v\n%s", err, out)
	}
}

func TestFollowOfADeletionEndsWell(t *testing.T) {
	w := watch.NewFakeWithChanSize(1, false)
	w.Delete(kitchen(nil))
	out, err := follow(t, watched(kitchen(nil), w))
	if err != nil || !strings.HasSuffix(out, "lamp/kitchen is gone\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestFollowBeginsABrokenWatchAnew(t *testing.T) {
	first, second := watch.NewFakeWithChanSize(1, false), watch.NewFakeWithChanSize(1, false)
	first.Stop()
	second.Modify(kitchen(map[string]string{"Ready": "True"}))
	if out, err := follow(t, watched(kitchen(nil), first, second)); err != nil || !strings.Contains(out, "Ready: it says so") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestFollowSaysThatItWasInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	i := watched(kitchen(nil), watch.NewFake())
	cancel()
	var out bytes.Buffer
	if err := i.follow(ctx, newScreen(&out), time.Hour); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Error(err)
	}
}

func TestGetRefusesWhatPlansDoNotRun(t *testing.T) {
	o := kitchen(nil)
	o.SetFinalizers(nil)
	i := watched(o)
	if _, _, err := i.get(t.Context()); err == nil || err.Error() != "lamp/kitchen is not run by plans: it lacks the finalizer planengine.dev/cleanup" {
		t.Error(err)
	}
	i.name, i.display = "cellar", "lamp/cellar"
	if _, _, err := i.get(t.Context()); err == nil || err.Error() != "lamp/cellar does not exist in namespace home; -n names another namespace" {
		t.Error(err)
	}
}

func TestScreenDrawsInPlace(t *testing.T) {
	var out bytes.Buffer
	s := &screen{out: &out, place: true, color: true}
	status := recorded(t)
	s.update("dfs/media", status, recordedAt, false)
	n := s.drawn
	s.update("dfs/media", status, recordedAt, true)
	text := out.String()
	if lines := strings.Count(text, "\n"); lines != 2*n || n < 8 {
		t.Errorf("%d lines for two trees of %d", lines, n)
	}
	if !strings.HasPrefix(text, wrapOff) || strings.Count(text, wrapOn) != 1 || !strings.Contains(text, "A"+clearBelow) || s.drawn != 0 {
		t.Errorf("drawn as %q", text)
	}
	if !strings.Contains(text, "\033[32m✔\033[0m secrets") {
		t.Errorf("without colours: %q", text)
	}
}

func TestScreenLeavesFilesPlain(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(f)
	s.print("dfs/media", recorded(t), recordedAt)
	s.update("dfs/media", recorded(t), recordedAt, true)
	text, err := os.ReadFile(f.Name())
	if err != nil || strings.Contains(string(text), "\033") || len(text) == 0 {
		t.Errorf("%v %q", err, text)
	}
}
