// Package layout says what belongs to a cluster: its files, names and
// addresses, all derived from its name and its slot.
//
// It is arithmetic and paths. Nothing here makes a link or a process.
package layout
