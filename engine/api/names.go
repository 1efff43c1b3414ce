package api

import "time"

// What the engine writes on objects. The prefix belongs to the engine, not to any package.
const (
	Prefix = "planengine.dev/"

	// LabelInstance is the name of the instance that an object belongs to.
	LabelInstance = Prefix + "instance"
	// LabelKind is the Kubernetes kind of that instance.
	LabelKind = Prefix + "kind"
	// LabelPackage is the package's name.
	LabelPackage = Prefix + "package"
	// LabelNamespace is the namespace of that instance; only cluster-scoped objects carry it.
	LabelNamespace = Prefix + "namespace"

	// AnnotationPlan, AnnotationStep and AnnotationRun name what last changed an object.
	AnnotationPlan = Prefix + "plan"
	AnnotationStep = Prefix + "step"
	AnnotationRun  = Prefix + "run"
	// AnnotationApplied is a hash of the last applied manifest, without the three above.
	AnnotationApplied = Prefix + "applied"
	// AnnotationRetain marks an object that outlives its instance.
	AnnotationRetain = Prefix + "retain"

	// Finalizer holds an instance until its objects are gone in order.
	Finalizer = Prefix + "cleanup"
	// FieldManager is the engine's name in server-side apply.
	FieldManager = "planengine"
)

// Limits that hold where a package says nothing.
const (
	DefaultStepTimeout  = 10 * time.Minute
	DefaultBackoff      = time.Second
	DefaultMaxBackoff   = time.Minute
	DefaultHTTPTimeout  = 5 * time.Second
	DefaultDialTimeout  = 2 * time.Second
	DefaultHistoryLimit = 10
	MaxMessageLength    = 200
	MaxOutputLength     = 1024
)
