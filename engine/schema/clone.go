package schema

import (
	"fmt"
	"math"
)

// cloneMap copies a JSON-like object deeply. Whole numbers become int64, as an API server holds
// them.
func cloneMap(m map[string]any) (map[string]any, error) {
	c := make(map[string]any, len(m))
	for k, v := range m {
		w, err := clone(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		c[k] = w
	}
	return c, nil
}

func clone(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string, int64:
		return v, nil
	case int:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case float64:
		return number(v), nil
	case map[string]any:
		return cloneMap(v)
	case []any:
		return cloneList(v)
	}
	return nil, fmt.Errorf("%T is not a JSON value", v)
}

func cloneList(l []any) ([]any, error) {
	c := make([]any, len(l))
	for i, v := range l {
		w, err := clone(v)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		c[i] = w
	}
	return c, nil
}

// number returns a float without fraction as an integer, so far as floats count exactly.
func number(f float64) any {
	const exact = 1 << 53
	if f == math.Trunc(f) && math.Abs(f) <= exact {
		return int64(f)
	}
	return f
}
