package main

import (
	"bytes"
	"strings"
	"testing"
)

const output = `=== RUN   kuttl
    harness.go:464: starting setup
    logger.go:42: 09:44:22 | stop/0-deploy | starting test step 0-deploy
    logger.go:42: 09:44:23 | image/0-deploy | starting test step 0-deploy
    logger.go:42: 09:44:24 | stop/1-stop | test step failed 1-stop
    case.go:396: failed in step 1-stop
--- FAIL: kuttl (12.00s)
    --- FAIL: kuttl/harness (0.00s)
        --- FAIL: kuttl/harness/stop (9.10s)
        --- PASS: kuttl/harness/image (12.00s)
        --- SKIP: kuttl/harness/nodes (0.00s)
FAIL`

func TestReport(t *testing.T) {
	r := newReport()
	var printed bytes.Buffer
	for _, line := range strings.Split(output, "\n") {
		r.line(line, &printed)
	}
	if r.passed != 1 || r.failed != 2 {
		t.Errorf("counted %d passed and %d failed, want 1 and 2", r.passed, r.failed)
	}
	for _, want := range []string{"--- FAIL: stop (9.10s)\n", "--- PASS: image (12.00s)\n", "--- FAIL: nodes", "failed in step 1-stop", "1-stop | test step failed"} {
		if !strings.Contains(printed.String(), want) {
			t.Errorf("%q is not printed", want)
		}
	}
	if strings.Contains(printed.String(), "image/0-deploy") {
		t.Error("the log of a suite that passed is printed")
	}
}
