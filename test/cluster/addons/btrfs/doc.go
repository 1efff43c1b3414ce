// Package btrfs makes volumes of an enforced size: each is a subvolume with a
// quota, so a volume can be full, can grow while in use, and can be
// snapshotted at one instant.
//
// It knows directories and bytes, nothing of Kubernetes. It needs root, the
// btrfs program, and a file system on which quotas are enabled.
package btrfs
