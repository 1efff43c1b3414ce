// Package api holds the words that the engine's other packages speak in: the
// model of an operator package (what a package author wrote) and the record of
// a run (what the engine has done about it, as users see it in status).
//
// It is data only. It knows no client, no clock, no file and no template; the
// packages beside it load, compile, render and carry out what is described here.
package api
