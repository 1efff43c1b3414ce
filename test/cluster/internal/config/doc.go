// Package config writes the configuration of a cluster's daemons, and the
// objects that every cluster starts with, from the templates beside it.
//
// The templates see the cluster's layout and, for a node's files, the node.
// What daemons get as flags is package node's.
package config
