// Package envtest gives the tests of a package one Kubernetes API server to talk to.
//
// It is for tests alone. A package that needs the API server says so in its TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(envtest.Run(m)) }
//
// and its tests call Start. The API server is started by the first test that asks for it and
// stopped when all tests are done; nothing is skipped when it can't be started.
package envtest
