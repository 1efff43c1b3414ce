// Package command runs the programs that tests drive: kubectl, make, nfs-cp.
package command
