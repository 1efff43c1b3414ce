// Command kuttl runs the kuttl suites below it on the cluster of KUBECONFIG,
// where the operator is installed:
//
//	go run ./test/kuttl [-run SUITE]
//
// Suites in together run several at a time, each in a namespace of its own, and
// beside them those in patient, which mostly wait. Those in alone touch what all
// share, the nodes or the operator itself, so they run afterwards and one by one.
// It ends with a line that counts, and fails when a suite failed, did not run, or
// something that the suites need is missing.
//
// A suite is a folder of steps. Steps use dfs-test (see there) for what YAML
// cannot say, and ${NAMESPACE}, ${DITTOFS_IMAGE} and ${DITTOFS_IMAGE_NEXT}.
package main
