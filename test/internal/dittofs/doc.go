// Package dittofs uses a DittoFS in a cluster as its people do: it makes shares
// over the REST API with the admin's Secret, and writes and reads files over NFS
// through the Service. It needs kubectl, nfs-cp and nfs-cat.
package dittofs
