package expr

import (
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/google/cel-go/cel"

	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// Error says why an expression does not compile.
type Error struct {
	// Source is the expression.
	Source string
	// Line and Column count from 1; 0 when unknown.
	Line, Column int
	// Message says what is wrong.
	Message string
	// Hint says what would help; it may be empty.
	Hint string
}

// Error returns one sentence with the place and the hint.
func (e *Error) Error() string {
	s := e.Message
	if e.Column > 0 {
		s = fmt.Sprintf("column %d: %s", e.Column, s)
	}
	if e.Line > 1 {
		s = fmt.Sprintf("line %d, %s", e.Line, s)
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

var (
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']+)'`)
	overload   = regexp.MustCompile(`^found no matching overload for '([^']+)' applied to '(.*)'$`)
	syntax     = regexp.MustCompile(`^Syntax error: (.*)$`)
	operator   = regexp.MustCompile(`^_(.{1,2})_$`)
)

// compileError turns what cel-go says about src into an Error about the first thing wrong.
func compileError(env *cel.Env, src string, vars []string, found []*cel.Error) error {
	if len(found) == 0 {
		return &Error{Source: src, Message: "the expression does not compile"}
	}
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i].Location, found[j].Location
		return a.Line() < b.Line() || a.Line() == b.Line() && a.Column() < b.Column()
	})
	first := found[0]
	e := &Error{Source: src, Line: first.Location.Line(), Column: first.Location.Column() + 1}
	e.Message, e.Hint = explain(env, vars, firstLine(first.Message))
	return e
}

func explain(env *cel.Env, vars []string, msg string) (message, hint string) {
	if m := undeclared.FindStringSubmatch(msg); m != nil {
		return unknownName(env, vars, m[1])
	}
	if m := overload.FindStringSubmatch(msg); m != nil {
		what := "function " + m[1]
		if op := operator.FindStringSubmatch(m[1]); op != nil {
			what = "operator " + op[1]
		}
		return fmt.Sprintf("%s does not take %s", what, m[2]), ""
	}
	if m := syntax.FindStringSubmatch(msg); m != nil {
		return "the expression cannot be read: " + m[1], ""
	}
	return msg, ""
}

func unknownName(env *cel.Env, vars []string, name string) (message, hint string) {
	message = fmt.Sprintf("unknown name %q", name)
	near := suggest.Closest(name, vars)
	if near == "" {
		near = suggest.Closest(name, functions(env))
	}
	switch {
	case near != "":
		return message, fmt.Sprintf("did you mean %q?", near)
	case len(vars) == 0:
		return message, "no variables exist here"
	}
	return message, "known here: " + strings.Join(vars, ", ")
}

// functions lists the functions that can be called by name, operators left out.
func functions(env *cel.Env) []string {
	var names []string
	for f := range env.Functions() {
		if f[0] >= 'a' && f[0] <= 'z' {
			names = append(names, f)
		}
	}
	return names
}

// missing is the error for a field, key or element that the data does not have.
type missing struct{ text string }

func (m *missing) Error() string { return m.text }

// IsMissing says whether an evaluation failed only because the data lacks a field, key or element.
func IsMissing(err error) bool {
	var m *missing
	return errors.As(err, &m)
}

var (
	noKey   = regexp.MustCompile(`no such (?:key|attribute|field)(?:\(s\))?: *(.*)$`)
	noIndex = regexp.MustCompile(`index(?: '?(-?\d+)'?)? out of (?:bounds|range)(?:[^:]*: *(.*))?`)
)

// evalError classifies and shortens what cel-go reports from an evaluation.
func evalError(src string, err error) error {
	msg := firstLine(err.Error())
	switch {
	case noKey.MatchString(msg):
		name := strings.Trim(noKey.FindStringSubmatch(msg)[1], `'" `)
		return fmt.Errorf("evaluate %s: %w", brief(src), &missing{fmt.Sprintf("there is no %q", name)})
	case noIndex.MatchString(msg):
		return fmt.Errorf("evaluate %s: %w", brief(src), &missing{"the list has no such element"})
	case strings.Contains(msg, "actual cost limit exceeded"):
		return fmt.Errorf("evaluate %s: %w", brief(src), ErrTooCostly)
	case strings.Contains(msg, "operation interrupted"):
		return fmt.Errorf("evaluate %s: it was interrupted", brief(src))
	}
	return fmt.Errorf("evaluate %s: %s", brief(src), msg)
}

// ErrTooCostly is wrapped when an expression takes more work than any rule needs.
var ErrTooCostly = errors.New("the expression does too much work; make its loops smaller")

// brief quotes an expression, cut to a length that fits in a message.
func brief(src string) string {
	const most = 80
	src = strings.Join(strings.Fields(src), " ")
	if r := []rune(src); len(r) > most {
		src = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", src)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimSpace(line)
}
