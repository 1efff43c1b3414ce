// Package api asks a cluster's API server whether the cluster works.
//
// It reads only, knows just the few fields it needs, and is no Kubernetes
// client: objects are applied with kubectl.
package api
