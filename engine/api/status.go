package api

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The conditions that every kind has; they follow kstatus.
const (
	// ConditionReady is true when the current generation is carried out and all objects are healthy.
	ConditionReady = "Ready"
	// ConditionReconciling is true while a run is under way or about to start.
	ConditionReconciling = "Reconciling"
	// ConditionStalled is true when the engine cannot go on without a person.
	ConditionStalled = "Stalled"
)

// Status is the engine's part of an instance's status. The kind's own fields lie beside it.
type Status struct {
	// ObservedGeneration is the newest generation that the engine has looked at.
	ObservedGeneration int64              `json:"observedGeneration,omitempty"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
	// Package is the package version that the instance is on.
	Package *PackageRef `json:"package,omitempty"`
	// Revision is the revision carried out last; 0 before the first.
	Revision int64 `json:"revision,omitempty"`
	// Unfinished are revisions whose runs began after Revision was carried out and did not complete:
	// what they changed must count as changed.
	Unfinished []int64 `json:"unfinished,omitempty"`
	// Plan is the running run, or the last one.
	Plan *Run `json:"plan,omitempty"`
	// Pending are the plans that wait for their turn, in order.
	Pending []PendingPlan `json:"pending,omitempty"`
	// History are the last finished runs, newest first.
	History []Summary `json:"history,omitempty"`
	// Inventory lists the objects that exist on behalf of the instance, by task.
	Inventory []TaskObjects `json:"inventory,omitempty"`
	// Outputs are the results of tasks, by task and name. Secrets are never among them.
	Outputs map[string]map[string]string `json:"outputs,omitempty"`
}

// PackageRef names an immutable package version.
type PackageRef struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

// PendingPlan is a plan that waits for its turn.
type PendingPlan struct {
	Name string `json:"name"`
	// Revision is the revision that the plan will carry out.
	Revision int64  `json:"revision"`
	Reason   string `json:"reason,omitempty"`
}

// TaskObjects are the objects that one task made.
type TaskObjects struct {
	Task    string      `json:"task"`
	Objects []ObjectRef `json:"objects"`
}

// ObjectRef names an object. Namespace is empty for cluster-scoped objects.
type ObjectRef struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	// Retain marks objects that outlive the instance.
	Retain bool `json:"retain,omitempty"`
}

// String returns kind/name, as people write it.
func (o ObjectRef) String() string { return o.Kind + "/" + o.Name }

// Same says whether both name the same object, whatever the API version.
func (o ObjectRef) Same(p ObjectRef) bool {
	return o.Kind == p.Kind && o.Name == p.Name && o.Namespace == p.Namespace && group(o.APIVersion) == group(p.APIVersion)
}

func group(apiVersion string) string {
	for i := range apiVersion {
		if apiVersion[i] == '/' {
			return apiVersion[:i]
		}
	}
	return ""
}

// Operation is spec.operation: how the engine shall treat the instance, apart from what it is.
type Operation struct {
	// Suspend stops the instance's run before its next step and starts no new one.
	Suspend bool `json:"suspend,omitempty"`
}
