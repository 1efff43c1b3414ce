package health

import (
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func job(u *unstructured.Unstructured) Result {
	o := u.Object
	for _, name := range []string{"Failed", "FailureTarget"} {
		if holds(o, name, "True") {
			c := condition(o, name)
			return failed(u, orElse(text(c, "reason"), "Failed"), "it has failed: %s", orElse(text(c, "message"), "look at its Pods"))
		}
	}
	want := number(o, 1, "spec", "completions")
	done, active := number(o, 0, "status", "succeeded"), number(o, 0, "status", "active")
	switch {
	case holds(o, "Complete", "True"):
		return healthy(u, "it is complete")
	case truth(o, "spec", "suspend"):
		return progressing(u, "Suspended", "it is suspended; set spec.suspend to false")
	case number(o, 0, "status", "failed") > 0:
		return progressing(u, "Retrying", "%d of %d done, %d running, %d failed before", done, want, active, number(o, 0, "status", "failed"))
	}
	return progressing(u, "Running", "%d of %d done, %d running", done, want, active)
}

const selectedNode = "volume.kubernetes.io/selected-node"

func claim(u *unstructured.Unstructured) Result {
	switch phase := text(u.Object, "status", "phase"); phase {
	case "Bound":
		return resized(u)
	case "Lost":
		return failed(u, "Lost", "its volume %s is gone, and the data with it; restore from a backup", text(u.Object, "spec", "volumeName"))
	case "Pending":
		if node := u.GetAnnotations()[selectedNode]; node != "" {
			return progressing(u, "Provisioning", "its volume is being made for node %s", node)
		}
		return result(u, Healthy, "WaitForFirstConsumer", "it is accepted, and not bound before its first Pod or its provisioner is ready")
	}
	return progressing(u, "NotObserved", "it has not been seen by the volume controller yet")
}

// resized judges a bound claim by its capacity.
func resized(u *unstructured.Unstructured) Result {
	o := u.Object
	want, have := text(o, "spec", "resources", "requests", "storage"), text(o, "status", "capacity", "storage")
	switch s := text(o, "status", "allocatedResourceStatuses", "storage"); s {
	case "ControllerResizeInfeasible", "NodeResizeInfeasible":
		return failed(u, s, "its volume cannot grow from %s to %s; ask for less or for another class", have, want)
	}
	if !smaller(have, want) {
		return healthy(u, "it is bound")
	}
	if holds(o, "FileSystemResizePending", "True") {
		return result(u, Healthy, "FileSystemResizePending", "its volume has grown to %s; the file system follows in a running Pod", want)
	}
	return progressing(u, "Resizing", "its volume grows from %s to %s", have, want)
}

func smaller(a, b string) bool {
	x, errX := resource.ParseQuantity(a)
	y, errY := resource.ParseQuantity(b)
	return errX == nil && errY == nil && x.Cmp(y) < 0
}

func service(u *unstructured.Unstructured) Result {
	if text(u.Object, "spec", "type") == "ExternalName" || text(u.Object, "spec", "clusterIP") != "" {
		return healthy(u, "it exists")
	}
	return progressing(u, "NoClusterIP", "it has no cluster address yet")
}

func exists(u *unstructured.Unstructured) Result { return healthy(u, "it exists") }

func namespace(u *unstructured.Unstructured) Result {
	if phase := text(u.Object, "status", "phase"); phase != "Active" {
		return progressing(u, "NotActive", "it is %s", orElse(phase, "not active yet"))
	}
	return healthy(u, "it is active")
}

func definition(u *unstructured.Unstructured) Result {
	switch {
	case holds(u.Object, "NamesAccepted", "False"):
		return failed(u, "NamesNotAccepted", "its names are taken: %s", text(condition(u.Object, "NamesAccepted"), "message"))
	case holds(u.Object, "Established", "True"):
		return healthy(u, "it is served")
	}
	return progressing(u, "NotEstablished", "the API server does not serve it yet")
}

func pod(u *unstructured.Unstructured) Result {
	if r := podReason(u); r != nil {
		return r.Result
	}
	if text(u.Object, "status", "phase") == "Succeeded" {
		return healthy(u, "it is complete")
	}
	return healthy(u, "it is ready")
}
