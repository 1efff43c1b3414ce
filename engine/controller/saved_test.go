package controller

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// seen is an instance as a watch shows it.
func seen(version, state string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"status": map[string]any{"state": state}}}
	o.SetUID("u")
	o.SetResourceVersion(version)
	return o
}

func TestNewest(t *testing.T) {
	s := newSaved()
	if got := s.newest(seen("9", "a")); got.GetResourceVersion() != "9" {
		t.Error("nothing was written, and the cache was not taken")
	}
	s.remember(seen("10", "b"), time.Unix(5, 0))
	for cached, want := range map[string]string{"9": "10", "10": "10", "11": "11"} {
		if got := s.newest(seen(cached, "a")); got.GetResourceVersion() != want {
			t.Errorf("the cache has %s: got %s, want %s", cached, got.GetResourceVersion(), want)
		}
	}
	if got := s.at("u"); !got.Equal(time.Unix(5, 0)) {
		t.Errorf("written at %v", got)
	}
	s.forget("u")
	if got := s.newest(seen("9", "a")); got.GetResourceVersion() != "9" {
		t.Error("a forgotten instance came back")
	}
}

// What was written is kept only until the cache shows it, and never handed out to be changed.
func TestWrittenObjectIsDropped(t *testing.T) {
	s := newSaved()
	s.remember(seen("10", "b"), time.Now())
	s.newest(seen("9", "a")).SetName("changed")
	if s.newest(seen("9", "a")).GetName() != "" {
		t.Error("what was written can be changed from outside")
	}
	if s.own(seen("9", "a")) || s.m["u"].object == nil {
		t.Error("an older version was taken for the echo")
	}
	if !s.own(seen("10", "b")) || s.m["u"].object != nil {
		t.Error("the echo was not known, or the object was kept after it")
	}
	if s.own(seen("11", "theirs")) {
		t.Error("somebody else's status was taken for the engine's own")
	}
}
