package expr

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"k8s.io/apiserver/pkg/cel/library"
)

// Program is a compiled expression. It is immutable and safe for concurrent use.
type Program struct {
	source string
	vars   []string
	ast    *cel.Ast
	prog   cel.Program
	// ctx stops evaluations; nil means that the cost limit alone bounds them. See With.
	ctx context.Context
}

// maxPrograms bounds the cache; it is emptied when full, which costs time and nothing else.
const maxPrograms = 4096

var programs = cache{m: map[string]*Program{}}

type cache struct {
	sync.Mutex
	m map[string]*Program
}

func (c *cache) get(key string) *Program {
	c.Lock()
	defer c.Unlock()
	return c.m[key]
}

func (c *cache) put(key string, p *Program) {
	c.Lock()
	defer c.Unlock()
	if len(c.m) >= maxPrograms {
		clear(c.m)
	}
	c.m[key] = p
}

// Compile checks an expression in which exactly the named variables exist. The error is one
// sentence with the column at which the expression is wrong; see Error.
func Compile(src string, vars ...string) (*Program, error) {
	vars = sortedSet(vars)
	key := strings.Join(vars, ",") + "\x00" + src
	if p := programs.get(key); p != nil {
		return p, nil
	}
	p, err := compile(src, vars)
	if err != nil {
		return nil, err
	}
	programs.put(key, p)
	return p, nil
}

func compile(src string, vars []string) (*Program, error) {
	if strings.TrimSpace(src) == "" {
		return nil, &Error{Source: src, Message: "the expression is empty"}
	}
	if len(src) > maxSource {
		return nil, &Error{Message: fmt.Sprintf("the expression is longer than %d bytes", maxSource)}
	}
	env, err := envFor(vars)
	if err != nil {
		return nil, fmt.Errorf("make CEL environment for %s: %w", strings.Join(vars, ", "), err)
	}
	ast, issues := env.Compile(src)
	if issues.Err() != nil {
		return nil, compileError(env, src, vars, issues.Errors())
	}
	prog, err := env.Program(ast,
		cel.EvalOptions(cel.OptOptimize, cel.OptTrackCost),
		cel.CostLimit(costLimit),
		cel.CostTracking(&library.CostEstimator{}),
		cel.InterruptCheckFrequency(interruptEvery))
	if err != nil {
		return nil, &Error{Source: src, Message: firstLine(err.Error())}
	}
	return &Program{source: src, vars: vars, ast: ast, prog: prog}, nil
}

// Source returns the expression as it was written.
func (p *Program) Source() string { return p.source }

// CanBeBool says whether the expression can yield a bool: false for "1 + 1", true for anything
// whose type only the data decides.
func (p *Program) CanBeBool() bool { return p.canBe(cel.BoolType) }

// CanBeString says whether String can succeed: the expression can yield a string, number or bool.
func (p *Program) CanBeString() bool {
	return p.canBe(cel.StringType) || p.canBe(cel.IntType) || p.canBe(cel.UintType) ||
		p.canBe(cel.DoubleType) || p.canBe(cel.BoolType)
}

func (p *Program) canBe(want *cel.Type) bool {
	got := p.ast.OutputType()
	if got.TypeName() == "optional_type" && len(got.Parameters()) == 1 {
		got = got.Parameters()[0]
	}
	return got.IsExactType(cel.DynType) || got.IsExactType(want)
}
