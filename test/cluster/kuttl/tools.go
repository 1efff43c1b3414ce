//go:build tools

// Package tools pins the kuttl binary that the end-to-end suites run with.
//
// It is a module of its own because kuttl v0.22.0 does not compile with Go 1.26
// (testing.testDeps gained a method). Build it with
//
//	GOTOOLCHAIN=go1.25.5 go build github.com/kudobuilder/kuttl/cmd/kubectl-kuttl
//
// or, cached, with
//
//	go run ./test/cluster build --kuttl
package tools

import _ "github.com/kudobuilder/kuttl/cmd/kubectl-kuttl"
