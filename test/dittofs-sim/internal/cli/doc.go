// Package cli is the command line of the server: start, config validate,
// migrate and version, with the recorded messages and exit codes.
package cli
