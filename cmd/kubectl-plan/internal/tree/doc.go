// Package tree draws a run for a terminal: a head line, then a line for each
// phase with its steps, and what the run waits for.
//
// It is pure: a status and the present time in, lines out.
package tree
