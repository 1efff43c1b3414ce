package api

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PackageAPIVersion is the apiVersion that a native package's operator.yaml must carry.
const PackageAPIVersion = "planengine.dev/v1"

// Package is one immutable version of an operator package, as loaded and verified.
type Package struct {
	// Name is the package's name, a DNS label.
	Name string `json:"name"`
	// Version is the package's own semantic version.
	Version string `json:"version"`
	// AppVersion is the version of the application that the package deploys by default.
	AppVersion string `json:"appVersion,omitempty"`
	// Group is the API group of all kinds of the package, such as "example.org".
	Group string `json:"group"`
	// KubernetesVersion is a semver constraint on the cluster, such as ">=1.29".
	KubernetesVersion string `json:"kubernetesVersion,omitempty"`
	// Description says in one sentence what the package runs.
	Description string `json:"description,omitempty"`
	// URL points at the package's home.
	URL string `json:"url,omitempty"`
	// Maintainers are the people to ask.
	Maintainers []Maintainer `json:"maintainers,omitempty"`
	// Kinds are the custom resources that the package serves, in the order of operator.yaml.
	Kinds []*Kind `json:"kinds"`
	// Digest is "sha256:" and the hex digest of the canonical archive of the package's files.
	Digest string `json:"digest,omitempty"`
}

// Maintainer is a person who answers for a package.
type Maintainer struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

// Kind is one custom resource of a package with everything that carries it out.
type Kind struct {
	// Folder is the kind's folder in the package; it also names it in operator.yaml.
	Folder string `json:"folder"`
	// Names are the resource's names, as in a CustomResourceDefinition.
	Names Names `json:"names"`
	// Version is the served and stored API version, such as "v1alpha1".
	Version string `json:"version"`
	// Columns are the printer columns of kubectl get.
	Columns []Column `json:"columns,omitempty"`
	// Endpoints are the network services that tasks of the kind may call.
	Endpoints []Endpoint `json:"endpoints,omitempty"`
	// Status are the fields that the package itself adds to the status.
	Status []StatusField `json:"status,omitempty"`
	// Conditions are the conditions that the package adds to Ready, Reconciling and Stalled.
	Conditions []ConditionRule `json:"conditions,omitempty"`
	// Schema is schema.yaml: the OpenAPI v3 schema of spec with the engine's x- keywords.
	Schema map[string]any `json:"schema"`
	// Plans are the kind's plans in the order in which plans.yaml states them.
	Plans []Plan `json:"plans"`
	// Tasks are the kind's tasks; names are unique.
	Tasks []Task `json:"tasks"`
	// Templates maps a path below templates/ to its text. Names that begin with "_" are partials.
	Templates map[string]string `json:"templates"`
}

// Names are the names of a custom resource.
type Names struct {
	Kind       string   `json:"kind"`
	Plural     string   `json:"plural"`
	Singular   string   `json:"singular,omitempty"`
	ShortNames []string `json:"shortNames,omitempty"`
	Categories []string `json:"categories,omitempty"`
}

// Column is a printer column of kubectl get.
type Column struct {
	Name string `json:"name"`
	// Type is a CRD column type: string, integer, number, boolean or date.
	Type string `json:"type"`
	// JSONPath is evaluated against the resource, such as ".status.version".
	JSONPath    string `json:"jsonPath"`
	Description string `json:"description,omitempty"`
	// Priority 0 shows always, anything greater only with -o wide.
	Priority int32 `json:"priority,omitempty"`
}

// Endpoint is a port of a Service in the instance's namespace that tasks may call.
// There is no way to state a free URL.
type Endpoint struct {
	Name string `json:"name"`
	// Service is a template that renders to the Service's name.
	Service string `json:"service"`
	// Port is the name or the number of a port of that Service.
	Port string `json:"port"`
	// Scheme is http (default) or tcp; tcp endpoints can only be connected to.
	Scheme string `json:"scheme,omitempty"`
	// Login says how a bearer token for the endpoint is got.
	Login *Login `json:"login,omitempty"`
}

// Login describes a POST that answers with a bearer token.
type Login struct {
	// Path is where credentials are posted to.
	Path string `json:"path"`
	// Secret is a template that renders to the name of the Secret with the credentials.
	Secret string `json:"secret"`
	// Body maps fields of the JSON body to values. A value "secret:KEY" is read from that
	// key of the Secret; any other value is sent as it is.
	Body map[string]string `json:"body"`
	// Token is a CEL expression over "body" (the decoded answer) that yields the token.
	Token string `json:"token"`
	// ExpiresIn is a CEL expression over "body" that yields the token's life in seconds.
	ExpiresIn string `json:"expiresIn,omitempty"`
}

// StatusField is a field that the package adds to the status.
type StatusField struct {
	Name string `json:"name"`
	// Schema is the field's OpenAPI schema, description included.
	Schema map[string]any `json:"schema"`
	// Value is a CEL expression over self, objects and outputs. An expression that yields an
	// optional none or fails because something does not exist yet leaves the field out.
	Value string `json:"value"`
}

// ConditionRule is a condition that the package adds to the status.
type ConditionRule struct {
	// Type is the condition's type, such as "Available".
	Type string `json:"type"`
	// When is a CEL expression over self, objects and outputs: true, false, or an error for Unknown.
	When string `json:"when"`
	// True and False say what reason and message the two results carry.
	True  ConditionText `json:"true"`
	False ConditionText `json:"false"`
}

// ConditionText is what a condition says. Message is a CEL expression that yields a string.
type ConditionText struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// Strategy says whether siblings run one after another or at once.
type Strategy string

// The two strategies; Serial is what an omitted strategy means.
const (
	Serial   Strategy = "serial"
	Parallel Strategy = "parallel"
)

// Plan is an ordered way to carry out a wish.
type Plan struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Triggers say which changes ask for the plan.
	Triggers Triggers `json:"triggers,omitempty"`
	// Strategy governs the phases.
	Strategy Strategy `json:"strategy,omitempty"`
	// Interruptible says whether a newer wish may supersede a run of the plan; nil means true.
	Interruptible *bool `json:"interruptible,omitempty"`
	// Timeout bounds the whole run; 0 means no bound.
	Timeout metav1.Duration `json:"timeout,omitempty"`
	// Retry starts a failed run anew after a rest, for plans that are safe to repeat; nil leaves a
	// failed run to a person. Limit 0 means for ever.
	Retry  *Retry  `json:"retry,omitempty"`
	Phases []Phase `json:"phases"`
}

// Triggers say which changes ask for a plan.
type Triggers struct {
	// Created asks for the plan when the instance has never been carried out.
	Created bool `json:"created,omitempty"`
	// Deleted asks for the plan when the instance is being deleted.
	Deleted bool `json:"deleted,omitempty"`
	// PackageVersion asks for the plan when the instance moves to another package version.
	PackageVersion bool `json:"packageVersion,omitempty"`
	// Paths are spec paths ("storage.size"); a change at, above or below one asks for the plan.
	Paths []string `json:"paths,omitempty"`
	// When is a CEL expression over spec and old (the spec carried out last) that must hold too.
	When string `json:"when,omitempty"`
}

// Phase is a group of steps.
type Phase struct {
	Name string `json:"name"`
	// Strategy governs the steps of the phase.
	Strategy Strategy `json:"strategy,omitempty"`
	Steps    []Step   `json:"steps"`
}

// Step is the unit that has a state in the status: it starts, waits, and is complete once.
type Step struct {
	Name  string   `json:"name"`
	Tasks []string `json:"tasks"`
	// DependsOn names steps ("step" of the same phase or "phase/step") that must be done first,
	// besides what the strategies say.
	DependsOn []string `json:"dependsOn,omitempty"`
	// When is a CEL expression over spec, old, outputs and plan; false skips the step.
	When string `json:"when,omitempty"`
	// Timeout bounds the step, retries and waiting included; 0 means DefaultStepTimeout.
	Timeout metav1.Duration `json:"timeout,omitempty"`
	Retry   *Retry          `json:"retry,omitempty"`
	// OnFailure is "stop" (default: the run fails) or "continue" (the run goes on, the step stays Failed).
	OnFailure string `json:"onFailure,omitempty"`
}

// Retry bounds the repetition of a step whose tasks fail for a reason that may pass.
type Retry struct {
	// Limit is the greatest number of retries; 0 means until the step's timeout.
	Limit int32 `json:"limit,omitempty"`
	// Backoff is the wait before the first retry; it doubles each time. 0 means 1s.
	Backoff metav1.Duration `json:"backoff,omitempty"`
	// MaxBackoff is the longest wait between two tries. 0 means 1m.
	MaxBackoff metav1.Duration `json:"maxBackoff,omitempty"`
}

// Kind returns the kind in the given folder or of the given Kubernetes kind, or nil.
func (p *Package) Kind(name string) *Kind {
	for _, k := range p.Kinds {
		if k.Folder == name || k.Names.Kind == name {
			return k
		}
	}
	return nil
}

// Plan returns the plan of that name, or nil.
func (k *Kind) Plan(name string) *Plan {
	for i := range k.Plans {
		if k.Plans[i].Name == name {
			return &k.Plans[i]
		}
	}
	return nil
}

// Task returns the task of that name, or nil.
func (k *Kind) Task(name string) *Task {
	for i := range k.Tasks {
		if k.Tasks[i].Name == name {
			return &k.Tasks[i]
		}
	}
	return nil
}

// Endpoint returns the endpoint of that name, or nil.
func (k *Kind) Endpoint(name string) *Endpoint {
	for i := range k.Endpoints {
		if k.Endpoints[i].Name == name {
			return &k.Endpoints[i]
		}
	}
	return nil
}

// IsInterruptible says whether a newer wish may supersede a run of the plan.
func (p *Plan) IsInterruptible() bool { return p.Interruptible == nil || *p.Interruptible }
