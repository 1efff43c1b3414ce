// Package hostnet joins a cluster's nodes to this machine: a bridge, one veth
// pair for each node, and routes that let the machine reach Pods and Services.
//
// It touches only links that carry the cluster's own names. Firewall rules and
// forwarding of the machine stay as they are. What happens inside a node is
// package node's.
package hostnet
