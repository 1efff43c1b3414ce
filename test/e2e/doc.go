// Package e2e holds tests that need a real cluster with the operator installed
// from config/default: loops, kills, measured times and what the API server saw.
//
//	make cluster-up load install
//	export KUBECONFIG=$(go run ./test/cluster kubeconfig --path --name dev)
//	export PATH=$(go run ./test/cluster assets):$PATH
//	go test -count=1 -timeout 20m ./test/e2e/...
//
// The cluster has to be one of test/cluster, because the tests read its audit
// log and reach into its nodes. They make namespaces of their own and leave the
// operator as they found it. What was measured is printed at the end and written
// to dist/e2e.txt.
//
// What kuttl can say in YAML stands in test/kuttl.
package e2e
