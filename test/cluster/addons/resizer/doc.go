// Package resizer lets volumes grow: when a bound claim asks for more than it
// has, it raises the volume's limit and then says so in the PersistentVolume
// and in the claim's status.
//
// Kubernetes leaves this to the storage, as it does making volumes. A Pod that
// uses the volume need not restart. Volumes never shrink.
package resizer
