// Command cluster runs a real Kubernetes cluster on a bare Debian machine, as
// root, from Go modules and Debian packages alone. README.md says how.
//
//	go run ./test/cluster up       # start it, or repair it, or do nothing
//	go run ./test/cluster down     # stop it and leave nothing
package main
