package apply

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func TestImmutableFieldsFailWithTheirPath(t *testing.T) {
	b := newBench(t)
	b.apply(statefulSet("s", "one", 1), Options{})
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, statefulSet("s", "two", 1)), Options{})
	wantVerdict(t, err, Terminal, ReasonImmutable, "StatefulSet/s cannot change spec.serviceName in place", "onImmutable")

	job := "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: IMAGE}]}}}}"
	b.apply(strings.Replace(job, "IMAGE", `"x:1"`, 1), Options{})
	_, _, err = b.Apply(b.ctx, b.owner, firstRun, parse(t, strings.Replace(job, "IMAGE", `"x:2"`, 1)), Options{})
	wantVerdict(t, err, Terminal, ReasonImmutable, "Job/j cannot change spec.template")

	b.apply("{apiVersion: v1, kind: Service, metadata: {name: v}, spec: {clusterIP: 10.0.0.76, ports: [{port: 80}]}}", Options{})
	_, _, err = b.Apply(b.ctx, b.owner, firstRun, parse(t, "{apiVersion: v1, kind: Service, metadata: {name: v}, spec: {clusterIP: 10.0.0.77, ports: [{port: 80}]}}"), Options{})
	wantVerdict(t, err, Terminal, ReasonImmutable, "Service/v cannot change spec.clusterIP")
}

func TestImmutableRecreate(t *testing.T) {
	b := newBench(t)
	old, _ := b.apply(statefulSet("s", "one", 1), Options{})
	b.seen.take()
	o := Options{OnImmutable: api.ImmutableRecreate}
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, statefulSet("s", "two", 1)), o)
	wantVerdict(t, err, Waiting, ReasonRecreating, "StatefulSet/s is being deleted, to be made anew with another spec.serviceName")
	b.expect("PATCH statefulsets/s", "DELETE statefulsets/s", "GET statefulsets/s")
	dying := b.now(old)
	if f := dying.GetFinalizers(); len(f) != 1 || f[0] != "foregroundDeletion" {
		t.Errorf("want it deleted in the foreground, got %v", f)
	}
	b.catchUp(dying)
	b.collect(dying)
	b.forgotten(dying)
	live, change := b.apply(statefulSet("s", "two", 1), o)
	if change != Created || live.GetUID() == old.GetUID() || value(live, "spec", "serviceName") != "two" {
		t.Errorf("want another object, got %s %v", change, live.Object["spec"])
	}
}

// What has no dependents to wait for is made anew in the same call.
func TestImmutableRecreateAtOnce(t *testing.T) {
	b := newBench(t)
	secret := "{apiVersion: v1, kind: Secret, metadata: {name: s}, immutable: true, stringData: {x: VALUE}}"
	old, _ := b.apply(strings.Replace(secret, "VALUE", "one", 1), Options{})
	live, change, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, strings.Replace(secret, "VALUE", "two", 1)), Options{OnImmutable: api.ImmutableRecreate})
	must(t, err)
	if change != Recreated || live.GetUID() == old.GetUID() {
		t.Errorf("want Recreated, got %s", change)
	}
}

func TestImmutableOrphanLeavesDependents(t *testing.T) {
	b := newBench(t)
	old, _ := b.apply(statefulSet("s", "one", 1), Options{})
	pod := b.makeDependent(old.GetName(), string(old.GetUID()))
	stop := b.collectSoon(old)
	defer stop()
	live, change, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, statefulSet("s", "two", 1)), Options{OnImmutable: api.ImmutableOrphan})
	must(t, err)
	if change != Recreated || live.GetUID() == old.GetUID() || value(live, "spec", "serviceName") != "two" {
		t.Errorf("want another object in the same call, got %s", change)
	}
	if after := b.now(pod); after == nil || after.GetUID() != pod.GetUID() || terminating(after) {
		t.Error("the dependent did not stay")
	}
}

func TestImmutableOrphanWaitsForTheCollector(t *testing.T) {
	b := newBench(t)
	old, _ := b.apply(statefulSet("s", "one", 1), Options{})
	_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, statefulSet("s", "two", 1)), Options{OnImmutable: api.ImmutableOrphan})
	wantVerdict(t, err, Waiting, ReasonRecreating)
	if f := b.now(old).GetFinalizers(); len(f) != 1 || f[0] != "orphan" {
		t.Errorf("want its dependents orphaned, got %v", f)
	}
	b.collect(old)
}

// What holds data is never recreated, whatever the policy.
func TestImmutableNeverRecreatesData(t *testing.T) {
	b := newBench(t)
	claim := "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [MODE], resources: {requests: {storage: 1Gi}}}}"
	b.apply(strings.Replace(claim, "MODE", "ReadWriteOnce", 1), Options{})
	b.apply(statefulSet("s", "one", 1), Options{Retain: true})
	for _, policy := range []api.OnImmutable{api.ImmutableRecreate, api.ImmutableOrphan} {
		_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, strings.Replace(claim, "MODE", "ReadWriteMany", 1)), Options{OnImmutable: policy})
		wantVerdict(t, err, Terminal, ReasonImmutable, "PersistentVolumeClaim/c cannot change spec.accessModes", "holds data")
		_, _, err = b.Apply(b.ctx, b.owner, firstRun, parse(t, statefulSet("s", "two", 1)), Options{OnImmutable: policy, Retain: true})
		wantVerdict(t, err, Terminal, ReasonImmutable, "holds data")
	}
}

// makeDependent makes an object that belongs to the one with the UID, as a Pod to its StatefulSet.
func (b *bench) makeDependent(name, uid string) *unstructured.Unstructured {
	b.t.Helper()
	return b.make("{apiVersion: v1, kind: ConfigMap, metadata: {name: dependent, ownerReferences: [" +
		"{apiVersion: apps/v1, kind: StatefulSet, name: " + name + ", uid: " + uid + ", controller: true}]}}")
}

// collectSoon plays the garbage collector for the object once it is being deleted.
func (b *bench) collectSoon(obj *unstructured.Unstructured) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 1000 {
			if now, err := read(b.ctx, b.other, obj); err == nil && now != nil && terminating(now) {
				b.collect(now)
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return func() { <-done }
}
