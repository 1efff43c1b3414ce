// Package engine is the running server below the REST API: opened stores,
// loaded shares, adapters with their listeners, snapshots and the cache of
// status answers.
package engine
