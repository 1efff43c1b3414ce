package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

type count struct{ passed, failed int }

// A report is what kuttl's output says about its suites.
type report struct {
	count
	verdicts map[string]string
	lines    map[string][]string
}

func newReport() *report {
	return &report{verdicts: map[string]string{}, lines: map[string][]string{}}
}

var (
	verdict = regexp.MustCompile(`^\s*--- (PASS|FAIL|SKIP): kuttl/harness/(\S+) (\(.*\))`)
	spoken  = regexp.MustCompile(`^\s*logger\.go:\d+: [\d:]+ \| ([^/ ]+)[/ ]`)
	said    = regexp.MustCompile(`^\s*(case|step)\.go:\d+: `)
)

// tail is how many lines of a failed suite are repeated.
const tail = 60

// line takes the next line of kuttl's output.
func (r *report) line(text string, out io.Writer) {
	if found := verdict.FindStringSubmatch(text); found != nil {
		r.verdict(found[1], found[2], found[3], out)
		return
	}
	if found := spoken.FindStringSubmatch(text); found != nil {
		r.lines[found[1]] = append(r.lines[found[1]], text)
		return
	}
	if said.MatchString(text) {
		fmt.Fprintln(out, text)
	}
}

// verdict counts a suite; one that was skipped has failed.
func (r *report) verdict(word, suite, took string, out io.Writer) {
	r.verdicts[suite] = word
	if word == "PASS" {
		r.passed++
		fmt.Fprintf(out, "--- PASS: %s %s\n", suite, took)
		return
	}
	r.failed++
	fmt.Fprintf(out, "--- FAIL: %s %s\n", suite, took)
	lines := r.lines[suite]
	fmt.Fprintln(out, strings.Join(lines[max(0, len(lines)-tail):], "\n"))
}
