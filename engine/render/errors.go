package render

import (
	"errors"
	"regexp"
	"strconv"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var (
	where    = regexp.MustCompile(`(?s)^.*template: ([^:\n]+):(\d+)(?::(\d+))?: (.*)$`)
	during   = regexp.MustCompile(`(?s)^executing "[^"]*" at <(.*?)>: (.*)$`)
	noEntry  = regexp.MustCompile(`map has no entry for key "([^"]*)"`)
	calling  = regexp.MustCompile(`(?s)^error calling (\S+): (.*)$`)
	noneSuch = regexp.MustCompile(`no template "([^"]*)" associated`)
	silent   = regexp.MustCompile(`^(` + emitFunction + `|required|fail)\b`) // their messages say it all
	undefine = regexp.MustCompile(`function "([^"]+)" not defined`)
	nilStep  = regexp.MustCompile(`nil pointer evaluating interface \{\}\.(\S+)`)
)

// problem turns an error of text/template into a Problem at the innermost place it names.
func problem(err error, file string) api.Problem {
	var ps api.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		return ps[0]
	}
	p := api.Problem{File: file, Message: err.Error()}
	if m := where.FindStringSubmatch(p.Message); m != nil {
		p.File, p.Message = m[1], m[4]
		p.Line, _ = strconv.Atoi(m[2])
		if col, err := strconv.Atoi(m[3]); err == nil {
			p.Column = col + 1
		}
	}
	explain(&p)
	return p
}

// explain says in a person's words what text/template means.
func explain(p *api.Problem) {
	if m := during.FindStringSubmatch(p.Message); m != nil {
		p.Message = m[2]
		if !silent.MatchString(m[1]) {
			p.Path = m[1]
		}
	}
	if m := calling.FindStringSubmatch(p.Message); m != nil {
		p.Message = m[2]
	}
	if noneSuch.MatchString(p.Message) {
		p.Message = "there is no template of this name"
	}
	if m := noEntry.FindStringSubmatch(p.Message); m != nil {
		p.Message = "there is no " + strconv.Quote(m[1])
		p.Hint = "a field that may be missing is read with dig or get"
	}
	if m := nilStep.FindStringSubmatch(p.Message); m != nil {
		p.Message = "there is nothing to take " + strconv.Quote(m[1]) + " from"
	}
	if m := undefine.FindStringSubmatch(p.Message); m != nil {
		p.Message = "there is no function " + strconv.Quote(m[1])
		if reason, ok := refusedFunctions[m[1]]; ok {
			p.Message = "the function " + strconv.Quote(m[1]) + " does not exist in templates: " + reason
		}
	}
}
