package health

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// finding is why a Pod is not ready; a lower rank tells more about the workload.
type finding struct {
	Result
	rank int
}

// The ranks of findings.
const (
	rankImage = iota
	rankConfig
	rankCrash
	rankGone
	rankScheduling
	rankStarting
	rankReadiness
	rankTerminating
)

// Pods finds the reason for which a workload is not healthy in its Pods: of all that are not
// ready, the one that tells most. It is nil when the Pods say nothing. Its status is Failed only
// for what no waiting mends.
func Pods(workload *unstructured.Unstructured, pods []*unstructured.Unstructured) *Result {
	var found []*finding
	for _, p := range pods {
		if p == nil || !belongs(workload, p) {
			continue
		}
		if f := podReason(p); f != nil {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return nil
	}
	first := slices.MinFunc(found, func(a, b *finding) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.Message, b.Message))
	})
	return &first.Result
}

// belongs leaves out Pods that another owner of the same kind controls.
func belongs(workload, p *unstructured.Unstructured) bool {
	if workload == nil {
		return true
	}
	for _, o := range p.GetOwnerReferences() {
		if o.Controller != nil && *o.Controller && o.Kind == workload.GetKind() {
			return o.Name == workload.GetName()
		}
	}
	return true
}

func found(rank int, r Result) *finding { return &finding{Result: r, rank: rank} }

// podReason says why a Pod is not ready, or nil when it is ready or complete.
func podReason(p *unstructured.Unstructured) *finding {
	o := p.Object
	phase := text(o, "status", "phase")
	switch {
	case phase == "Succeeded":
		return nil
	case text(o, "metadata", "deletionTimestamp") != "":
		return found(rankTerminating, progressing(p, "Terminating", "it is being deleted and has until %s",
			text(o, "metadata", "deletionTimestamp")))
	case phase == "Failed":
		return podFailed(p)
	case phase == "Unknown":
		return found(rankGone, progressing(p, "NodeLost", "its node %s does not answer; look at the node", text(o, "spec", "nodeName")))
	case phase == "Running" && holds(o, "Ready", "True"):
		return nil
	}
	if f := containerReason(p); f != nil {
		return f
	}
	if f := schedulingReason(p); f != nil {
		return f
	}
	return startingReason(p)
}

func podFailed(p *unstructured.Unstructured) *finding {
	if reason := text(p.Object, "status", "reason"); reason != "" {
		return found(rankGone, failed(p, reason, "it was stopped by its node (%s)", reason))
	}
	for _, c := range containers(p) {
		if t := terminated(c.status, "state"); t != nil && number(t, 0, "exitCode") != 0 {
			return found(rankCrash, failed(p, crashReason(t), "%s %s", c, ended(t)))
		}
	}
	return found(rankGone, failed(p, "PodFailed", "it has failed; kubectl describe pod %s says more", p.GetName()))
}

// schedulingReason explains a Pod that has no node.
func schedulingReason(p *unstructured.Unstructured) *finding {
	c := condition(p.Object, "PodScheduled")
	switch {
	case c != nil && c["status"] == "False":
		reason := orElse(text(c, "reason"), "Unschedulable")
		return found(rankScheduling, progressing(p, reason, "no node takes it: %s", orElse(text(c, "message"), reason)))
	case text(p.Object, "spec", "nodeName") == "" && c == nil:
		return found(rankScheduling, progressing(p, "NotScheduled", "it has no node yet"))
	}
	return nil
}

// startingReason explains a Pod whose containers do not run yet, or run and are not ready.
func startingReason(p *unstructured.Unstructured) *finding {
	o := p.Object
	for _, c := range containers(p) {
		if c.init {
			continue
		}
		if terminated(c.status, "state") == nil && field(c.status, "state", "running") != nil && !truth(c.status, "ready") {
			return found(rankReadiness, notReadyContainer(p, c))
		}
	}
	if holds(o, "Initialized", "False") {
		return found(rankStarting, progressing(p, "Initializing", "its init containers have not finished"))
	}
	if holds(o, "PodReadyToStartContainers", "False") {
		return found(rankStarting, progressing(p, "VolumesPending",
			"it waits for its volumes or its network; kubectl describe pod %s says more", p.GetName()))
	}
	return found(rankStarting, progressing(p, "Starting", "its containers are being started"))
}

func notReadyContainer(p *unstructured.Unstructured, c container) Result {
	since := ""
	if cond := condition(p.Object, "ContainersReady"); cond != nil && text(cond, "lastTransitionTime") != "" {
		since = " since " + text(cond, "lastTransitionTime")
	}
	started, known := field(c.status, "started").(bool)
	switch {
	case known && !started && c.spec["startupProbe"] != nil:
		return progressing(p, "StartupProbe", "%s runs and has not passed its startup probe", c)
	case c.spec["readinessProbe"] != nil:
		return progressing(p, "ReadinessProbe", "%s runs and is not ready%s: its readiness probe fails", c, since)
	}
	return progressing(p, "NotReady", "%s runs and is not ready%s", c, since)
}
