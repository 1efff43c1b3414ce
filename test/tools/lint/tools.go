//go:build tools

// Package tools pins golangci-lint. It is a module of its own because the
// linters' dependencies are many and must not meet anybody else's. Build it,
// cached, with
//
//	go run ./test/cluster build --lint
package tools

import _ "github.com/golangci/golangci-lint/v2/cmd/golangci-lint"
