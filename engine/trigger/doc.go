// Package trigger decides which plans a change asks for. It compares what was carried out with what
// is wished and answers with an ordered queue of plans; it reads and starts nothing itself.
//
// What holds of every answer:
//
//   - the plans stand in the order of the package, each once;
//   - every changed path is taken by a plan of the queue: by the plan that x-plan names for the
//     nearest path at or above it, by each plan whose triggers.paths touch it, or else by the
//     fallback, "update" or "deploy";
//   - no change asks for nothing;
//   - spec.operation says how to treat the instance, not what it is, and never counts as changed.
package trigger
