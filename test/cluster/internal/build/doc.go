// Package build compiles everything a cluster is made of and keeps it in the
// user's cache folder: the kube binary, the addons, the images, and the tools
// kuttl and golangci-lint.
//
// Each artefact is a folder whose name carries a hash of all that went into it
// (sources, go.mod, go.sum, compiler, flags), so it is built once, never
// stale, and never half there: it is filled under another name and renamed.
// Two builders of the same artefact wait for each other.
//
// It knows nothing about running clusters.
package build
