// Package preview shows what plans would do for a resource, step by step and
// without a cluster: the objects with everything the engine adds to them, and
// the calls.
//
// What only a cluster knows is written as a placeholder: the instance's UID,
// generated secrets, the run.
package preview
