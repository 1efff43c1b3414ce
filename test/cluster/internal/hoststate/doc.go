// Package hoststate remembers what clusters change on the machine as a whole,
// and puts it back when the last of them is gone: kernel settings that the
// kubelet insists on, and empty folders that nodes mount over.
package hoststate
