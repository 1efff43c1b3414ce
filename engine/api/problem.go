package api

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one thing wrong in a package or a resource, said so that a person can mend it.
type Problem struct {
	// File is the file's path in the package; empty when there is none.
	File string
	// Line and Column count from 1; 0 when unknown.
	Line, Column int
	// Path is the field's path, such as plans.deploy.phases[0].strategy.
	Path string
	// Message says what is wrong.
	Message string
	// Hint says what would help, such as "did you mean \"serial\"?".
	Hint string
	// Warning marks a problem that does not refuse the package.
	Warning bool
}

// String formats the problem as file:line:column: path: message (hint).
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
			if p.Column > 0 {
				fmt.Fprintf(&b, ":%d", p.Column)
			}
		}
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return b.String()
}

// Problems is a list of problems that is an error when it holds one that is not a warning.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// Err returns the problems as an error, or nil when all of them are warnings.
func (p Problems) Err() error {
	for i := range p {
		if !p[i].Warning {
			return p
		}
	}
	return nil
}

// Sort orders problems by file, line, column, path and message.
func (p Problems) Sort() {
	sort.SliceStable(p, func(i, j int) bool {
		a, b := p[i], p[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		case a.Column != b.Column:
			return a.Column < b.Column
		case a.Path != b.Path:
			return a.Path < b.Path
		}
		return a.Message < b.Message
	})
}
