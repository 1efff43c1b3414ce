package shell

import (
	"strings"
	"testing"
)

func TestOutputPassesStdinOn(t *testing.T) {
	out, err := Output(t.Context(), strings.NewReader("hello"), "cat")
	if out != "hello" || err != nil {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestErrorCarriesWhatWasPrinted(t *testing.T) {
	err := Run(t.Context(), "sh", "-c", "echo no such volume >&2; exit 3")
	if err == nil || !strings.Contains(err.Error(), "no such volume") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("err = %v", err)
	}
}

func TestErrorIsBounded(t *testing.T) {
	err := Run(t.Context(), "sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x; exit 1")
	if err == nil || len(err.Error()) > 2200 {
		t.Errorf("error of %d bytes", len(err.Error()))
	}
}
