package main

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func object(kind, name, uid, version, owner string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{}
	o.SetKind(kind)
	o.SetName(name)
	o.SetUID(types.UID(uid))
	o.SetResourceVersion(version)
	if owner != "" {
		yes := true
		o.SetOwnerReferences([]metav1.OwnerReference{{Kind: "DittoFS", Name: "files", UID: types.UID(owner), Controller: &yes}})
	}
	return o
}

func TestChangesSeesWritesAndWhatComesAndGoes(t *testing.T) {
	before := map[string]*unstructured.Unstructured{
		"Pod/a": object("Pod", "a", "1", "10", ""), "Pod/b": object("Pod", "b", "2", "11", ""), "Pod/c": object("Pod", "c", "3", "12", ""), "Pod/d": object("Pod", "d", "4", "13", ""),
	}
	after := map[string]*unstructured.Unstructured{
		"Pod/a": object("Pod", "a", "1", "10", ""), "Pod/b": object("Pod", "b", "2", "20", ""), "Pod/c": object("Pod", "c", "9", "21", ""), "Pod/e": object("Pod", "e", "5", "22", ""),
	}
	got := strings.Join(changes(before, after), "; ")
	if want := "Pod/b was written by ; Pod/c was made; Pod/d was deleted; Pod/e was made"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := changes(before, before); len(got) != 0 {
		t.Errorf("nothing happened, and it saw %q", got)
	}
}

func TestOwnership(t *testing.T) {
	inventory := func(retain bool) api.Status {
		return api.Status{Inventory: []api.TaskObjects{{Task: "t", Objects: []api.ObjectRef{{Kind: "Secret", Name: "s", Retain: retain}}}}}
	}
	dittofs := object("DittoFS", "files", "me", "1", "")
	cases := map[string]struct {
		status  api.Status
		members []*unstructured.Unstructured
		wrong   string
	}{
		"owned":                  {inventory(false), []*unstructured.Unstructured{object("Secret", "s", "1", "1", "me")}, ""},
		"kept":                   {inventory(true), []*unstructured.Unstructured{object("Secret", "s", "1", "1", "")}, ""},
		"owned by nobody":        {inventory(false), []*unstructured.Unstructured{object("Secret", "s", "1", "1", "")}, "retain is false"},
		"owned by another":       {inventory(false), []*unstructured.Unstructured{object("Secret", "s", "1", "1", "you")}, "retain is false"},
		"kept, and would end":    {inventory(true), []*unstructured.Unstructured{object("Secret", "s", "1", "1", "me")}, "retain is true"},
		"does not exist":         {inventory(false), nil, "does not exist"},
		"stands in no inventory": {api.Status{}, []*unstructured.Unstructured{object("Secret", "s", "1", "1", "me")}, "not in status.inventory"},
		"belongs to its owner":   {api.Status{}, []*unstructured.Unstructured{object("Pod", "p", "1", "1", "its-statefulset")}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			i := &instance{object: dittofs, status: c.status, members: c.members}
			text := ""
			for _, err := range []error{i.owned(), i.listed()} {
				if err != nil {
					text += err.Error()
				}
			}
			if c.wrong == "" && text != "" || !strings.Contains(text, c.wrong) {
				t.Errorf("said %q, want %q", text, c.wrong)
			}
		})
	}
}
