package health

import (
	"strings"

	kstatus "github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// rules are the kinds that are judged by more than kstatus, by group and kind.
var rules = map[string]func(*unstructured.Unstructured) Result{
	"apps/StatefulSet": statefulSet, "apps/Deployment": deployment, "apps/DaemonSet": daemonSet,
	"batch/Job": job, "/Pod": pod, "/PersistentVolumeClaim": claim, "/Service": service, "/Namespace": namespace,
	"networking.k8s.io/Ingress": exists, "policy/PodDisruptionBudget": exists,
	"apiextensions.k8s.io/CustomResourceDefinition": definition,
}

// observing are the kinds whose controllers always report the generation that they have seen.
var observing = map[string]bool{
	"apps/StatefulSet": true, "apps/Deployment": true, "apps/DaemonSet": true, "apps/ReplicaSet": true,
	"policy/PodDisruptionBudget": true,
}

func groupKind(u *unstructured.Unstructured) string {
	gk := u.GroupVersionKind().GroupKind()
	return gk.Group + "/" + gk.Kind
}

// Of judges an object by its own state; nil is Absent.
func Of(u *unstructured.Unstructured) Result {
	if u == nil || len(u.Object) == 0 {
		return Result{Status: Absent, Reason: "NotFound", Message: "the object does not exist"}
	}
	if r := outdated(u); r != nil {
		return *r
	}
	if rule, ok := rules[groupKind(u)]; ok {
		return rule(u)
	}
	return generic(u)
}

// outdated reports an object whose status says nothing about what is wanted now.
func outdated(u *unstructured.Unstructured) *Result {
	if text(u.Object, "metadata", "deletionTimestamp") != "" {
		r := progressing(u, "Terminating", "it is being deleted")
		if f := u.GetFinalizers(); len(f) > 0 {
			r = progressing(u, "Terminating", "it is being deleted and waits for %s", strings.Join(f, ", "))
		}
		return &r
	}
	want := u.GetGeneration()
	seen := number(u.Object, -1, "status", "observedGeneration")
	if seen < 0 && observing[groupKind(u)] {
		seen = 0
	}
	if c := condition(u.Object, "Ready"); c != nil && seen < 0 {
		seen = number(c, -1, "observedGeneration")
	}
	if want == 0 || seen < 0 || seen >= want {
		return nil
	}
	r := progressing(u, "NotObserved", "its controller has not seen the newest spec yet (generation %d, seen %d)", want, seen)
	return &r
}

// generic judges by kstatus.
func generic(u *unstructured.Unstructured) Result {
	res, err := kstatus.Compute(u)
	if err != nil {
		return progressing(u, "Unreadable", "its status cannot be read: %s", err)
	}
	reason := "InProgress"
	if len(res.Conditions) > 0 && res.Conditions[0].Reason != "" {
		reason = res.Conditions[0].Reason
	}
	switch res.Status {
	case kstatus.CurrentStatus:
		return healthy(u, "it is as wanted")
	case kstatus.FailedStatus:
		return failed(u, reason, "%s", orElse(res.Message, reason))
	}
	return progressing(u, reason, "%s", orElse(res.Message, reason))
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
