package main

import (
	"io"
	"strings"
	"testing"
)

func TestBadCommandLinesSayWhatToDo(t *testing.T) {
	t.Setenv("POD_NAMESPACE", "")
	cases := map[string]struct {
		args []string
		want string
	}{
		"no namespace":      {nil, "--system-namespace is not set"},
		"unknown log level": {[]string{"--system-namespace", "x", "--log-level", "loud"}, `--log-level "loud": use debug, info or error`},
		"an argument":       {[]string{"serve"}, "unknown command"},
		"no such package":   {[]string{"--system-namespace", "x", "--package", "/nonexistent"}, "operator.yaml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cmd := newCommand(t.Context())
			cmd.SetArgs(c.args)
			cmd.SetOut(io.Discard)
			cmd.SetErr(io.Discard)
			err := cmd.Execute()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}
