package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
)

var errNull = errors.New("the value is null; give it a default, or leave the field out with an if")

// format writes a scalar as text.
func format(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", errNull
	case string:
		return v, nil
	case *fragment:
		return v.String(), nil
	case json.Number:
		return v.String(), nil
	case fmt.Stringer:
		return v.String(), nil
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return rv.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(rv.Bool()), nil
	case reflect.Float32, reflect.Float64:
		return formatFloat(rv.Float())
	case reflect.Map, reflect.Slice, reflect.Array, reflect.Struct:
		return "", errors.New("a list or map cannot be printed as it is; use toYaml or toJson")
	}
	if rv.CanInt() {
		return strconv.FormatInt(rv.Int(), 10), nil
	}
	if rv.CanUint() {
		return strconv.FormatUint(rv.Uint(), 10), nil
	}
	return "", fmt.Errorf("a value of type %T cannot be printed", v)
}

func formatFloat(f float64) (string, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", errors.New("the result is not a finite number")
	}
	return strconv.FormatFloat(f, 'f', -1, 64), nil
}

// literal says whether a value prints as a YAML number or boolean and so needs no token.
func literal(v any) bool {
	if n, ok := v.(json.Number); ok {
		_, err := strconv.ParseFloat(string(n), 64)
		return err == nil
	}
	if _, ok := v.(fmt.Stringer); ok {
		return false
	}
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Bool || rv.CanInt() || rv.CanUint() || rv.CanFloat()
}
