// Package volumes gives a cluster a disk: a sparse image with a btrfs file
// system, mounted on this machine before the nodes start, so that all of them
// see it. Quotas are on; the volumes in it are the provisioner's.
package volumes
