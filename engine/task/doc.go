// Package task carries out the single tasks of a plan: it renders, applies,
// deletes, waits and calls, and says of each try how it ended.
//
// It decides nothing about order, retries or failure; that is package plan. It
// keeps no state about a run but the network calls that are in flight.
package task
