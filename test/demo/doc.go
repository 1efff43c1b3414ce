// Command demo goes from nothing to a served file and says how long each stage
// takes:
//
//	go run ./test/demo
//
// Without KUBECONFIG it starts a cluster on this machine (Debian, as root) with
// images made from this tree. With KUBECONFIG it uses that cluster and the
// images that its nodes can pull. It may be run again: what is there stays.
package main
