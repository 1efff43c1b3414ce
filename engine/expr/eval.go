package expr

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// Vars are the values of an expression's variables by name.
type Vars = map[string]any

// With returns the program bound to ctx: its evaluations stop when ctx is done.
func (p *Program) With(ctx context.Context) *Program {
	q := *p
	q.ctx = ctx
	return &q
}

// Bool evaluates the expression, which must yield a bool.
func (p *Program) Bool(v Vars) (bool, error) {
	val, err := p.present(v)
	if err != nil {
		return false, err
	}
	b, ok := val.(types.Bool)
	if !ok {
		return false, fmt.Errorf("evaluate %s: it yields %s, want true or false", brief(p.source), typeName(val))
	}
	return bool(b), nil
}

// String evaluates the expression and formats the string, number or bool that it must yield.
func (p *Program) String(v Vars) (string, error) {
	val, err := p.present(v)
	if err != nil {
		return "", err
	}
	native, err := toNative(val)
	if err != nil {
		return "", fmt.Errorf("evaluate %s: %w", brief(p.source), err)
	}
	switch n := native.(type) {
	case string:
		return n, nil
	case bool:
		return strconv.FormatBool(n), nil
	case int64:
		return strconv.FormatInt(n, 10), nil
	case float64:
		return strconv.FormatFloat(n, 'f', -1, 64), nil
	}
	return "", fmt.Errorf("evaluate %s: it yields %s, want a string, number or bool", brief(p.source), typeName(val))
}

// Value evaluates the expression and returns JSON-like data: nil, bool, int64, float64, string,
// []any or map[string]any. ok is false when the expression yields an optional none.
func (p *Program) Value(v Vars) (value any, ok bool, err error) {
	val, err := p.eval(v)
	if err != nil {
		return nil, false, err
	}
	val, ok = unwrap(val)
	if !ok {
		return nil, false, nil
	}
	value, err = toNative(val)
	if err != nil {
		return nil, false, fmt.Errorf("evaluate %s: %w", brief(p.source), err)
	}
	return value, true, nil
}

// present evaluates and takes an optional none for something missing.
func (p *Program) present(v Vars) (ref.Val, error) {
	val, err := p.eval(v)
	if err != nil {
		return nil, err
	}
	val, ok := unwrap(val)
	if !ok {
		return nil, fmt.Errorf("evaluate %s: %w", brief(p.source), &missing{"it yields nothing"})
	}
	return val, nil
}

func (p *Program) eval(v Vars) (ref.Val, error) {
	known := make(Vars, len(p.vars))
	for name, value := range v {
		if slices.Contains(p.vars, name) {
			known[name] = value
		}
	}
	var val ref.Val
	var err error
	if p.ctx != nil {
		val, _, err = p.prog.ContextEval(p.ctx, known)
	} else {
		val, _, err = p.prog.Eval(known)
	}
	if err != nil {
		return nil, evalError(p.source, err)
	}
	return val, nil
}

func unwrap(v ref.Val) (ref.Val, bool) {
	for {
		o, ok := v.(*types.Optional)
		if !ok {
			return v, true
		}
		if !o.HasValue() {
			return nil, false
		}
		v = o.GetValue()
	}
}

func typeName(v ref.Val) string { return "a value of type " + v.Type().TypeName() }
