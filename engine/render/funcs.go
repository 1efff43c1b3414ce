package render

import (
	"errors"
	"fmt"
	"net/url"
	"sync"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

// builtins are the functions of text/template itself, which the parser has to know.
var builtins = words(`and or not len index slice html js call printf print println urlquery eq ne lt le gt ge`)

// The hidden functions that New puts into templates.
const (
	emitFunction = "_emit"
	tickFunction = "_tick"
)

// shared are the functions that need no state, made once.
var shared = sharedFunctions()

func sharedFunctions() template.FuncMap {
	out := template.FuncMap{
		"until": until, "untilStep": untilStep, "seq": seq, "repeat": repeat, "replace": replace,
		"keys": keys, "values": values, "required": required, "fromYaml": fromYaml,
		"pathEscape": url.PathEscape, "len": length, "printf": fmt.Sprintf,
		"eq": equal, "ne": notEqual, "lt": less, "le": lessOrEqual, "gt": greater, "ge": greaterOrEqual,
	}
	for name, f := range sprig.TxtFuncMap() {
		if pureFunctions[name] {
			out[name] = f
		}
	}
	for name, f := range out {
		out[name] = acceptFragments(f)
	}
	return out
}

// random are the random functions, made once.
var random = func() template.FuncMap {
	out := template.FuncMap{}
	for name, f := range sprig.TxtFuncMap() {
		if randomFunctions[name] {
			out[name] = acceptFragments(f)
		}
	}
	return out
}()

// functions binds all functions to a run.
func (r *run) functions(o Options) template.FuncMap {
	out := template.FuncMap{
		emitFunction: r.emit, tickFunction: r.tick,
		"include": r.include, "toYaml": r.toYaml, "quote": r.quote, "squote": r.squote,
		"toJson": r.toJson, "toRawJson": r.toJson, "mustToJson": r.toJson, "mustToRawJson": r.toJson,
		"toPrettyJson": r.toPrettyJson, "mustToPrettyJson": r.toPrettyJson,
		"indent": r.indent, "nindent": r.nindent, "trim": r.trim,
		"trimPrefix": r.trimPrefix, "trimSuffix": r.trimSuffix,
	}
	for name, f := range out {
		out[name] = acceptFragments(f)
	}
	for name, f := range shared {
		out[name] = f
	}
	for name, f := range random {
		if o.Random {
			out[name] = f
			continue
		}
		out[name] = func(...any) (any, error) {
			return nil, fmt.Errorf("%s is random and only templates of Generate tasks may use it", name)
		}
	}
	return out
}

// known is what the parser has to know: every function's name.
var known = sync.OnceValue(func() map[string]any {
	out := map[string]any{}
	for name, f := range new(run).functions(Options{}) {
		out[name] = f
	}
	for name := range builtins {
		out[name] = true
	}
	return out
})

func required(message string, v any) (any, error) {
	if v == nil || v == "" || v == (*fragment)(nil) {
		return nil, errors.New(message)
	}
	return v, nil
}

func fromYaml(s string) (any, error) {
	var v any
	if err := yaml.Unmarshal([]byte(s), &v); err != nil {
		return nil, fmt.Errorf("fromYaml: %w", err)
	}
	return v, nil
}
