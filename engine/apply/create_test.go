package apply

import (
	"fmt"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func password(value string) string {
	return fmt.Sprintf("{apiVersion: v1, kind: Secret, metadata: {name: p}, stringData: {password: %s}}", value)
}

func TestCreateMakesOnceAndNeverOverwrites(t *testing.T) {
	b := newBench(t)
	first, created, err := b.Create(b.ctx, b.owner, firstRun, parse(t, password("one")), false)
	must(t, err)
	b.expect("POST secrets")
	if !created || len(first.GetOwnerReferences()) != 1 {
		t.Errorf("want it created and owned, got %v", created)
	}
	again, created, err := b.Create(b.ctx, b.owner, firstRun, parse(t, password("two")), false)
	must(t, err)
	if created || value(again, "data", "password") != value(first, "data", "password") {
		t.Error("the second call made or changed something")
	}
	b.catchUp(again)
	b.seen.take()
	_, created, err = b.Create(b.ctx, b.owner, Stamp{Run: "run-2"}, parse(t, password("three")), false)
	must(t, err)
	if created {
		t.Error("made again")
	}
	b.expect()
}

func TestCreateRefusesForeignObjects(t *testing.T) {
	b := newBench(t)
	b.make(password("theirs"))
	_, _, err := b.Create(b.ctx, b.owner, firstRun, parse(t, password("ours")), false)
	wantVerdict(t, err, Conflict, ReasonForeignObject, "Secret/p exists already")
}

func TestCreateTakesAnEarlierLifeBack(t *testing.T) {
	b := newBench(t)
	old, _, err := b.Create(b.ctx, b.owner, firstRun, parse(t, password("old")), true)
	must(t, err)
	if !retained(old) || old.GetOwnerReferences() != nil {
		t.Fatalf("want it retained, got %v", old.Object["metadata"])
	}
	b.owner = ownerNamed("media", b.owner.namespace(), "uid-2")
	for _, retain := range []bool{true, false, true} {
		b.catchUp(b.now(old))
		live, created, err := b.Create(b.ctx, b.owner, firstRun, parse(t, password("new")), retain)
		must(t, err)
		owners := 1
		if retain {
			owners = 0
		}
		if created || value(live, "data", "password") != value(old, "data", "password") {
			t.Errorf("retain %v: the old password is lost", retain)
		}
		if retained(live) != retain || len(live.GetOwnerReferences()) != owners || live.GetLabels()[api.LabelInstance] != "media" {
			t.Errorf("retain %v: got %v", retain, live.Object["metadata"])
		}
	}
}

func TestCreateReownsWithoutTouchingOthers(t *testing.T) {
	b := newBench(t)
	live, _, err := b.Create(b.ctx, b.owner, firstRun, parse(t, password("one")), false)
	must(t, err)
	live = b.merge(live, `{"metadata":{"labels":{"planengine.dev/package":null,"team":"blue"},"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"x","uid":"x"},
		{"apiVersion":"example.org/v1","kind":"Database","name":"media","uid":"uid-0","controller":true}]}}`)
	b.catchUp(live)
	b.seen.take()
	live, _, err = b.Create(b.ctx, b.owner, firstRun, parse(t, password("one")), false)
	must(t, err)
	b.expect("PATCH secrets/p")
	owners := live.GetOwnerReferences()
	if len(owners) != 2 || owners[0].UID != "x" || owners[1].UID != "uid-1" {
		t.Errorf("want the other owner and the instance, got %v", owners)
	}
	if live.GetLabels()["team"] != "blue" || live.GetLabels()[api.LabelPackage] != "database" {
		t.Errorf("want all labels, got %v", live.GetLabels())
	}
}

func TestCreateWaitsForADyingObject(t *testing.T) {
	b := newBench(t)
	dying := b.make("{apiVersion: v1, kind: Secret, metadata: {name: p, finalizers: [example.org/hold]}}")
	must(t, b.other.Delete(b.ctx, dying.DeepCopy(), &client.DeleteOptions{}))
	_, _, err := b.Create(b.ctx, b.owner, firstRun, parse(t, password("one")), false)
	wantVerdict(t, err, Waiting, ReasonTerminating, "Secret/p is being deleted")
	b.collect(dying)
}
