// Package packages loads operator packages from folders, embedded files and archives, and verifies
// them as far as that is possible without a cluster.
//
// A package comes out whole and sound or not at all: every document is checked against its JSON
// schema, plans are compiled, expressions are compiled, templates are rendered, and the
// CustomResourceDefinition is put before the code of an API server. All problems are reported at
// once, with file, line and what would help.
//
// The package knows no cluster and runs nothing. It does not store versions; it only names their
// content by a digest.
package packages
