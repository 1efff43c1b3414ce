package render

import (
	"errors"
	"fmt"
	"reflect"
)

var (
	anyType    = reflect.TypeFor[any]()
	errorType  = reflect.TypeFor[error]()
	stringType = reflect.TypeFor[string]()
)

// acceptFragments lets a function that wants strings be called with fragments, which it sees as the
// strings that they stand for. Untyped arguments pass as they are: default, ternary, list and dict
// hand a fragment on, and whatever formats one calls its String method.
func acceptFragments(f any) any {
	v := reflect.ValueOf(f)
	t := v.Type()
	in := make([]reflect.Type, t.NumIn())
	changed := false
	for i := range in {
		in[i] = t.In(i)
		last := t.IsVariadic() && i == len(in)-1
		switch {
		case last && in[i].Elem() == stringType:
			in[i], changed = reflect.SliceOf(anyType), true
		case !last && in[i] == stringType:
			in[i], changed = anyType, true
		}
	}
	if !changed {
		return f
	}
	wrapped := reflect.FuncOf(in, []reflect.Type{t.Out(0), errorType}, t.IsVariadic())
	return reflect.MakeFunc(wrapped, func(args []reflect.Value) []reflect.Value {
		return callWithStrings(v, args)
	}).Interface()
}

// callWithStrings calls f with each argument turned into a string where f wants one.
func callWithStrings(f reflect.Value, args []reflect.Value) []reflect.Value {
	t := f.Type()
	fail := func(err error) []reflect.Value {
		return []reflect.Value{reflect.Zero(t.Out(0)), reflect.ValueOf(&err).Elem()}
	}
	for i := range args {
		var err error
		switch {
		case t.In(i) == stringType:
			args[i], err = asString(args[i])
		case t.IsVariadic() && i == len(args)-1 && t.In(i).Elem() == stringType:
			args[i], err = asStrings(args[i])
		}
		if err != nil {
			return fail(err)
		}
	}
	out := callAny(f, args)
	if len(out) == 1 {
		out = append(out, reflect.Zero(errorType))
	}
	return out
}

func callAny(f reflect.Value, args []reflect.Value) []reflect.Value {
	if f.Type().IsVariadic() {
		return f.CallSlice(args)
	}
	return f.Call(args)
}

func asString(v reflect.Value) (reflect.Value, error) {
	switch s := v.Interface().(type) {
	case nil:
		return v, errors.New("an argument is null, want a string")
	case string:
		return reflect.ValueOf(s), nil
	case *fragment:
		return reflect.ValueOf(s.String()), nil
	}
	if e := v.Elem(); e.Kind() == reflect.String {
		return e.Convert(stringType), nil
	}
	return v, fmt.Errorf("an argument is of type %s, want a string", v.Elem().Type())
}

func asStrings(list reflect.Value) (reflect.Value, error) {
	out := make([]string, list.Len())
	for i := range out {
		s, err := asString(list.Index(i))
		if err != nil {
			return list, err
		}
		out[i] = s.String()
	}
	return reflect.ValueOf(out), nil
}
