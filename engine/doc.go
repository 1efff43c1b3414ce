// Package engine is the parent of the plan engine's packages; it holds no code.
//
// The engine carries out versioned plans, written as data in operator packages, for
// the custom resources that those packages define. Imports run one way:
//
//	api <- expr <- schema, plan, render, health <- apply, trigger <- task, packages <- controller
//
// It knows nothing of what its packages run.
package engine
