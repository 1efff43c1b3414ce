// Package lock serialises processes by a file: two builders of one binary, two
// commands on one cluster.
//
// The kernel frees a lock when its holder ends, however it ends. The package
// does not protect goroutines of one process from each other.
package lock
