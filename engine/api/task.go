package api

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TaskKind names what a task does.
type TaskKind string

// The task kinds of a native package.
const (
	// TaskApply applies rendered objects and waits until they are healthy.
	TaskApply TaskKind = "Apply"
	// TaskDelete deletes rendered objects and waits until they are gone.
	TaskDelete TaskKind = "Delete"
	// TaskPatch applies some fields of objects that somebody else owns.
	TaskPatch TaskKind = "Patch"
	// TaskGenerate creates objects once and never overwrites them: passwords, keys.
	TaskGenerate TaskKind = "Generate"
	// TaskWait waits until an object satisfies an expression, or is gone.
	TaskWait TaskKind = "Wait"
	// TaskHttp calls an endpoint of the kind and judges the answer.
	TaskHttp TaskKind = "Http"
	// TaskConnect opens a TCP connection to an endpoint of the kind.
	TaskConnect TaskKind = "Connect"
	// TaskToggle applies objects when a boolean of spec is true and deletes them when it is false.
	TaskToggle TaskKind = "Toggle"
	// TaskDummy does nothing, succeeds, waits or fails, as told: a test device.
	TaskDummy TaskKind = "Dummy"
)

// TaskKinds lists the kinds in documentation order.
var TaskKinds = []TaskKind{TaskApply, TaskDelete, TaskPatch, TaskGenerate, TaskWait, TaskHttp, TaskConnect, TaskToggle, TaskDummy}

// Task is a named piece of work; exactly the spec that its kind names is set.
type Task struct {
	Name string   `json:"name"`
	Kind TaskKind `json:"kind"`

	Apply    *ApplySpec    `json:"apply,omitempty"`
	Delete   *DeleteSpec   `json:"delete,omitempty"`
	Patch    *PatchSpec    `json:"patch,omitempty"`
	Generate *GenerateSpec `json:"generate,omitempty"`
	Wait     *WaitSpec     `json:"wait,omitempty"`
	Http     *HttpSpec     `json:"http,omitempty"`
	Connect  *ConnectSpec  `json:"connect,omitempty"`
	Toggle   *ToggleSpec   `json:"toggle,omitempty"`
	Dummy    *DummySpec    `json:"dummy,omitempty"`
}

// OnConflict says what to do when an object exists that is not the instance's own, or a field
// has another manager.
type OnConflict string

// The conflict policies; ConflictFail is what an omitted one means.
const (
	// ConflictFail fails the step and names the other owner or manager.
	ConflictFail OnConflict = "fail"
	// ConflictForce takes fields over from other managers, but never another owner's object.
	ConflictForce OnConflict = "force"
	// ConflictAdopt also takes over an existing object that no other controller owns.
	ConflictAdopt OnConflict = "adopt"
)

// OnImmutable says what to do when the API server refuses a change of an immutable field.
type OnImmutable string

// The policies for immutable fields; ImmutableFail is what an omitted one means.
const (
	ImmutableFail     OnImmutable = "fail"
	ImmutableRecreate OnImmutable = "recreate"
	// ImmutableOrphan deletes the object, leaves its dependents running, and creates it anew.
	ImmutableOrphan OnImmutable = "orphan-recreate"
)

// Health are CEL expressions over "object" that replace or complete the generic health rules.
type Health struct {
	// ReadyWhen must hold before an object counts as healthy. It replaces the generic rules.
	ReadyWhen string `json:"readyWhen,omitempty"`
	// FailedWhen makes an object count as failed for good.
	FailedWhen string `json:"failedWhen,omitempty"`
	// Message says to people what is waited for while ReadyWhen does not hold; omitted shows the
	// expression itself.
	Message string `json:"message,omitempty"`
}

// ApplySpec is the spec of an Apply task.
type ApplySpec struct {
	// Resources are template names; objects are applied in the order in which they are rendered.
	Resources []string `json:"resources"`
	Health
	OnConflict  OnConflict  `json:"onConflict,omitempty"`
	OnImmutable OnImmutable `json:"onImmutable,omitempty"`
	// Prune "never" keeps objects that the templates no longer render; "always" deletes them,
	// data included; omitted deletes all but PersistentVolumeClaims and Secrets.
	Prune string `json:"prune,omitempty"`
	// Retain keeps the objects when the instance is deleted: they get no owner reference, and an
	// instance of the same name adopts them.
	Retain bool `json:"retain,omitempty"`
}

// DeleteSpec is the spec of a Delete task.
type DeleteSpec struct {
	// Resources are template names; only kind and name of what they render count.
	Resources []string `json:"resources"`
}

// PatchSpec is the spec of a Patch task.
type PatchSpec struct {
	// Resources are template names; each renders a partial object.
	Resources []string `json:"resources"`
	Health
}

// GenerateSpec is the spec of a Generate task.
type GenerateSpec struct {
	// Resources are template names; only here may templates use random functions.
	Resources []string `json:"resources"`
	// Retain keeps the objects when the instance is deleted, as in ApplySpec.
	Retain bool `json:"retain,omitempty"`
}

// WaitSpec is the spec of a Wait task.
type WaitSpec struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// Name is a template that renders to the object's name, in the instance's namespace.
	Name string `json:"name"`
	// Absent waits until the object is gone instead.
	Absent bool `json:"absent,omitempty"`
	Health
	// Outputs are CEL expressions over "object" whose results later steps can use.
	Outputs map[string]string `json:"outputs,omitempty"`
}

// HttpSpec is the spec of an Http task.
type HttpSpec struct {
	// Endpoint names an endpoint of kind.yaml with an http scheme.
	Endpoint string `json:"endpoint"`
	// Method is the HTTP method; omitted means GET.
	Method string `json:"method,omitempty"`
	// Path is a template that renders to the path and query.
	Path string `json:"path"`
	// Body is a template that renders to YAML, sent as JSON.
	Body string `json:"body,omitempty"`
	// Expect are the status codes that count as an answer; omitted means all of 2xx.
	Expect []int `json:"expect,omitempty"`
	// Unless looks first: when the GET's answer satisfies the expression, the call is not made.
	Unless *HttpUnless `json:"unless,omitempty"`
	// ReadyWhen and FailedWhen are CEL expressions over "status", "body" (decoded JSON or null) and
	// "text".
	Health
	// Outputs are CEL expressions over the same, whose results later steps can use.
	Outputs map[string]string `json:"outputs,omitempty"`
	// Timeout bounds one call; 0 means 5s.
	Timeout metav1.Duration `json:"timeout,omitempty"`
}

// HttpUnless is a GET that tells whether a call is needed at all.
type HttpUnless struct {
	// Path is a template that renders to the path and query.
	Path string `json:"path"`
	// When is a CEL expression over "status", "body" and "text".
	When string `json:"when"`
}

// ConnectSpec is the spec of a Connect task.
type ConnectSpec struct {
	// Endpoint names an endpoint of kind.yaml.
	Endpoint string `json:"endpoint"`
	// Timeout bounds one connection attempt; 0 means 2s.
	Timeout metav1.Duration `json:"timeout,omitempty"`
}

// ToggleSpec is the spec of a Toggle task.
type ToggleSpec struct {
	// Parameter is the path of a boolean in spec, such as "metrics.enabled".
	Parameter string `json:"parameter"`
	ApplySpec
}

// DummySpec is the spec of a Dummy task.
type DummySpec struct {
	// WantErr fails with a transient error; with Fatal, a terminal one.
	WantErr bool `json:"wantErr,omitempty"`
	Fatal   bool `json:"fatal,omitempty"`
	// Done succeeds at once; without it the task waits for ever.
	Done bool `json:"done,omitempty"`
}
