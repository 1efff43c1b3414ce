// Package schema turns a kind's schema.yaml into what Kubernetes and the engine check specs with.
//
// A schema is an OpenAPI v3 schema of spec with three keywords more: x-plan, x-immutable and
// x-name-max-length. CRD compiles it, with the engine's own spec.operation and status, to a
// CustomResourceDefinition; New compiles it to a Schema that defaults and validates a spec offline
// with the code that an API server runs, so that both always agree.
//
// The package reads no files and knows no templates and no plans: a problem names a document
// (schema.yaml or kind.yaml) and a path in it, and whoever holds the files knows the lines.
package schema
