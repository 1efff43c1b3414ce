package expr

import (
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
	"k8s.io/apiserver/pkg/cel/library"
)

const (
	// costLimit bounds one evaluation: well under a second, and far above what rules need.
	costLimit = 1_000_000
	// interruptEvery is the number of loop passes between two looks at the context.
	interruptEvery = 100
	// maxSource bounds the length of an expression in bytes.
	maxSource = 16 * 1024
	// maxNesting bounds how deep an expression may nest.
	maxNesting = 50
)

// base holds the environment without variables; it is costly to make and never changes.
var base = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.CustomTypeAdapter(adapter{}),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.OptionalTypes(),
		cel.ParserRecursionLimit(maxNesting),
		cel.ParserExpressionSizeLimit(maxSource),
		cel.ASTValidators(cel.ValidateRegexLiterals(), cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals()),
		ext.Strings(),
		ext.Math(),
		ext.Lists(ext.ListsMaxRangeSize(10_000)),
		ext.Regex(),
		library.Lists(library.ListsVersion(1)),
		library.Regex(),
		library.URLs(),
		library.Quantity(),
	)
})

// envs caches one environment for each set of variables, keyed by their sorted names.
var envs sync.Map

func envFor(vars []string) (*cel.Env, error) {
	key := strings.Join(vars, ",")
	if e, ok := envs.Load(key); ok {
		return e.(*cel.Env), nil
	}
	b, err := base()
	if err != nil {
		return nil, err
	}
	opts := make([]cel.EnvOption, len(vars))
	for i, v := range vars {
		opts[i] = cel.Variable(v, cel.DynType)
	}
	e, err := b.Extend(opts...)
	if err != nil {
		return nil, err
	}
	envs.Store(key, e)
	return e, nil
}

func sortedSet(names []string) []string {
	s := slices.Clone(names)
	slices.Sort(s)
	return slices.Compact(s)
}
