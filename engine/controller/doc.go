// Package controller drives instances: one generic reconciler serves every kind
// of every loaded package.
//
// A reconcile reads the instance, asks which plan the change wants, walks the
// run as far as it goes, and saves the status once. Deciding is left to the pure
// packages trigger and plan, acting to package task; here they are joined:
//
//	engine.go      sets the controllers up and keeps the loaded packages
//	reconciler.go  one reconcile from reading to saving
//	choose.go      which run shall there be
//	walk.go        the run, as far as it goes now
//	deletion.go    the end of an instance
//	revision.go    frozen wishes, as ControllerRevisions
//	summary.go     conditions and the package's own status fields
//	save.go        the one status write
//	saved.go       what was written last
//	draft.go       what is written a moment later
//	watch.go       owned objects wake their instance
package controller
