// Package node is a node of a cluster: a process tree in namespaces of its own.
//
// Seen from outside (Start, Find, Stop) a node is one process, the first of its
// PID namespace. When it ends, however it ends, the kernel ends all others, and
// with them go the node's mounts, links, firewall rules and containers.
//
// From inside there are two: Init is that first process, which only reaps
// orphans, and Run is its child, which sets the namespaces up and keeps the
// daemons running. If Run ends, the node ends.
package node
