package render

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
)

// The comparisons replace those of text/template: they see the text of a fragment, and compare
// whole numbers with fractions, which JSON does not tell apart.

func equal(a any, others ...any) (bool, error) {
	if len(others) == 0 {
		return false, fmt.Errorf("eq wants two values or more")
	}
	for _, b := range others {
		c, ok := order(a, b)
		if ok && c == 0 {
			return true, nil
		}
		if !ok && (composite(a) || composite(b)) {
			return false, fmt.Errorf("eq compares strings, numbers and booleans; use deepEqual for lists and maps")
		}
	}
	return false, nil
}

func notEqual(a, b any) (bool, error) {
	same, err := equal(a, b)
	return !same, err
}

func less(a, b any) (bool, error)           { return ordered(a, b, func(c int) bool { return c < 0 }) }
func lessOrEqual(a, b any) (bool, error)    { return ordered(a, b, func(c int) bool { return c <= 0 }) }
func greater(a, b any) (bool, error)        { return ordered(a, b, func(c int) bool { return c > 0 }) }
func greaterOrEqual(a, b any) (bool, error) { return ordered(a, b, func(c int) bool { return c >= 0 }) }

func ordered(a, b any, f func(int) bool) (bool, error) {
	c, ok := order(a, b)
	if !ok {
		return false, fmt.Errorf("%T and %T have no order", a, b)
	}
	return f(c), nil
}

// order compares two values of one sort; ok is false when they are not of one sort.
func order(a, b any) (c int, ok bool) {
	a, b = text(a), text(b)
	if a == nil || b == nil {
		return 0, a == nil && b == nil
	}
	if i, isInt := whole(a); isInt {
		if j, isInt := whole(b); isInt {
			return cmp.Compare(i, j), true
		}
	}
	if x, isNumber := fraction(a); isNumber {
		y, isNumber := fraction(b)
		return cmp.Compare(x, y), isNumber
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case x.Kind() == reflect.String && y.Kind() == reflect.String:
		return cmp.Compare(x.String(), y.String()), true
	case x.Kind() == reflect.Bool && y.Kind() == reflect.Bool:
		if x.Bool() == y.Bool() {
			return 0, true
		}
		return 1, true
	}
	return 0, false
}

func whole(v any) (int64, bool) {
	if n, ok := v.(json.Number); ok {
		i, err := n.Int64()
		return i, err == nil
	}
	rv := reflect.ValueOf(v)
	if rv.CanInt() {
		return rv.Int(), true
	}
	if rv.CanUint() && rv.Uint() < 1<<63 {
		return int64(rv.Uint()), true
	}
	return 0, false
}

func fraction(v any) (float64, bool) {
	if n, ok := v.(json.Number); ok {
		f, err := n.Float64()
		return f, err == nil
	}
	if i, ok := whole(v); ok {
		return float64(i), true
	}
	if rv := reflect.ValueOf(v); rv.CanFloat() {
		return rv.Float(), true
	}
	return 0, false
}

func composite(v any) bool {
	switch reflect.ValueOf(v).Kind() {
	case reflect.Map, reflect.Slice, reflect.Array, reflect.Struct:
		return true
	}
	return false
}

// text turns a fragment into the string that it stands for.
func text(v any) any {
	if f, ok := v.(*fragment); ok {
		return f.String()
	}
	return v
}

func length(v any) (int, error) {
	rv := reflect.ValueOf(text(v))
	switch rv.Kind() {
	case reflect.Map, reflect.Slice, reflect.Array, reflect.String:
		return rv.Len(), nil
	}
	return 0, fmt.Errorf("a value of type %T has no length", v)
}
