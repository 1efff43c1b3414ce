// Package provisioner answers PersistentVolumeClaims of the cluster's
// StorageClass with volumes from a pool.
//
// A volume is a PersistentVolume of type local that every node can reach: the
// nodes share one machine. As on a real cluster its root belongs to root, and
// fsGroup of a Pod changes that. Watching, retrying and binding are the
// library's; the volumes themselves are package btrfs's.
package provisioner
