// Package nfsd serves shares over NFSv3 with github.com/willscott/go-nfs.
// MOUNT and NFS share one TCP port. File handles are derived from the share's
// root id and the path, so that they stay good across restarts.
package nfsd
