package build

import (
	"slices"
	"strings"
	"testing"
)

func TestFollowKeepsOnlyProblems(t *testing.T) {
	printed := "go: downloading k8s.io/api v0.37.2\nk8s.io/api/core/v1\n# example.com/x\n./main.go:3:1: syntax error\n"
	got := follow(strings.NewReader(printed), "x", t.Logf)
	if got != "# example.com/x\n./main.go:3:1: syntax error" {
		t.Errorf("got %q", got)
	}
}

func TestToolchainDecides(t *testing.T) {
	a := compile{toolchain: "local", binary: "x"}
	b := compile{toolchain: "go1.25.5", binary: "x"}
	if slices.Equal(a.decides(), b.decides()) {
		t.Error("another toolchain decides nothing")
	}
}
