// Package tree shows a run to people: as a tree for a terminal (Lines), a head
// line, then each phase with its steps and what they wait for; or line by line
// as things happen (Log).
//
// It is pure: a status and the present time in, lines out. It knows no terminal.
package tree
