package packages

import (
	"errors"
	"fmt"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

// result is what an expression must be able to yield.
type result int

const (
	anything result = iota
	yesOrNo
	text
)

// expression compiles an optional CEL expression in which exactly the named variables exist.
func (l *loader) expression(d *document, path, source string, want result, vars ...string) {
	if source == "" {
		return
	}
	p, err := expr.Compile(source, vars...)
	if err != nil {
		l.report(d, expressionProblem(path, err))
		return
	}
	if want == yesOrNo && !p.CanBeBool() {
		l.add(d, path, "the expression never yields true or false", "compare with ==, < or > for example")
	}
	if want == text && !p.CanBeString() {
		l.add(d, path, "the expression never yields text, a number or a boolean", `put text in quotes inside the expression, such as "'text'"`)
	}
}

// expressionProblem says what is wrong with an expression and, apart, what would help.
func expressionProblem(path string, err error) api.Problem {
	p := api.Problem{Path: path, Message: err.Error()}
	var e *expr.Error
	if errors.As(err, &e) {
		hint := e.Hint
		bare := *e
		bare.Hint = ""
		p.Message, p.Hint = fmt.Sprintf("the expression does not compile: %v", &bare), hint
	}
	return p
}
