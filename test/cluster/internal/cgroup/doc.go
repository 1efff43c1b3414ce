// Package cgroup makes, enters and removes control groups, in all hierarchies
// of version 1 or in the one of version 2.
//
// It sets no limits: the kubelet and runc do that below the groups made here.
package cgroup
