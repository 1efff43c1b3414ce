package health

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func statefulSet(u *unstructured.Unstructured) Result {
	o := u.Object
	want := number(o, 1, "spec", "replicas")
	have, ready := number(o, 0, "status", "replicas"), number(o, 0, "status", "readyReplicas")
	switch {
	case have > want || want == 0 && number(o, 0, "status", "currentReplicas") > 0:
		return tooMany(u, max(have, 1), want)
	case want == 0:
		return healthy(u, "it has no Pods, as wanted")
	case text(o, "spec", "updateStrategy", "type") != "OnDelete":
		if r := rolledOut(u, want); r != nil {
			return *r
		}
	}
	if ready < want {
		return notReady(u, ready, want)
	}
	if number(o, 0, "spec", "minReadySeconds") > 0 && number(o, 0, "status", "availableReplicas") < want {
		return progressing(u, "NotAvailable", "its Pods are ready, but not for long enough yet")
	}
	return healthy(u, "%s ready", pods(ready))
}

// rolledOut reports a StatefulSet whose Pods are not of the wanted revision yet.
func rolledOut(u *unstructured.Unstructured, want int64) *Result {
	o := u.Object
	partition := number(o, 0, "spec", "updateStrategy", "rollingUpdate", "partition")
	updated := number(o, 0, "status", "updatedReplicas")
	current, update := text(o, "status", "currentRevision"), text(o, "status", "updateRevision")
	var r Result
	switch {
	case updated < want-partition:
		r = progressing(u, "RollingOut", "%d of %s of the newest revision", updated, pods(want-partition))
	case partition == 0 && current != update:
		r = progressing(u, "RollingOut", "its newest revision %s is not in force yet", update)
	default:
		return nil
	}
	return &r
}

func deployment(u *unstructured.Unstructured) Result {
	o := u.Object
	want := number(o, 1, "spec", "replicas")
	have, updated := number(o, 0, "status", "replicas"), number(o, 0, "status", "updatedReplicas")
	available := number(o, 0, "status", "availableReplicas")
	if c := condition(o, "Progressing"); c != nil && c["reason"] == "ProgressDeadlineExceeded" {
		return failed(u, "ProgressDeadlineExceeded", "%d of %s available, and no progress within its deadline; look at its Pods", available, pods(want))
	}
	switch {
	case truth(o, "spec", "paused") && updated < want:
		return progressing(u, "Paused", "its rollout is paused; set spec.paused to false")
	case holds(o, "ReplicaFailure", "True"):
		return progressing(u, "ReplicaFailure", "its Pods cannot be created: %s", text(condition(o, "ReplicaFailure"), "message"))
	case updated < want:
		return progressing(u, "RollingOut", "%d of %s of the newest revision", updated, pods(want))
	case have > want:
		return tooMany(u, have, want)
	case available < want:
		return notReady(u, available, want)
	case want == 0:
		return healthy(u, "it has no Pods, as wanted")
	}
	return healthy(u, "%s ready", pods(available))
}

func daemonSet(u *unstructured.Unstructured) Result {
	o := u.Object
	want := number(o, 0, "status", "desiredNumberScheduled")
	updated, available := number(o, 0, "status", "updatedNumberScheduled"), number(o, 0, "status", "numberAvailable")
	switch {
	case text(o, "spec", "updateStrategy", "type") != "OnDelete" && updated < want:
		return progressing(u, "RollingOut", "%d of %s of the newest revision", updated, pods(want))
	case available < want:
		return notReady(u, available, want)
	}
	return healthy(u, "%s ready", pods(available))
}

func notReady(u *unstructured.Unstructured, ready, want int64) Result {
	return progressing(u, "NotReady", "%d of %s ready", ready, pods(want))
}

func tooMany(u *unstructured.Unstructured, have, want int64) Result {
	return progressing(u, "ScalingDown", "%s still there, %d wanted", pods(have), want)
}

// pods says a number of Pods with its verb.
func pods(n int64) string {
	if n == 1 {
		return "1 Pod is"
	}
	return fmt.Sprintf("%d Pods are", n)
}
