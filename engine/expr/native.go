package expr

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// toNative turns a CEL value into JSON-like data that shares nothing with the variables.
func toNative(v ref.Val) (any, error) {
	switch v := v.(type) {
	case types.Null:
		return nil, nil
	case types.Bool:
		return bool(v), nil
	case types.String:
		return string(v), nil
	case types.Int:
		return int64(v), nil
	case types.Uint:
		return fromUint(v)
	case types.Double:
		return fromDouble(v)
	case types.Bytes:
		return base64.StdEncoding.EncodeToString(v), nil
	case types.Timestamp:
		return v.Format(time.RFC3339Nano), nil
	case types.Duration:
		return v.String(), nil
	case *types.Optional:
		return fromOptional(v)
	case traits.Lister:
		return fromList(v)
	case traits.Mapper:
		return fromMap(v)
	}
	if s, ok := v.Value().(fmt.Stringer); ok { // quantities, URLs
		return s.String(), nil
	}
	return nil, fmt.Errorf("%s has no form in JSON", typeName(v))
}

func fromUint(v types.Uint) (any, error) {
	if uint64(v) > math.MaxInt64 {
		return nil, fmt.Errorf("the number %d is too great", uint64(v))
	}
	return int64(v), nil
}

func fromDouble(v types.Double) (any, error) {
	if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
		return f, nil
	}
	return nil, errors.New("the result is not a finite number")
}

func fromOptional(v *types.Optional) (any, error) {
	if !v.HasValue() {
		return nil, nil
	}
	return toNative(v.GetValue())
}

func fromList(l traits.Lister) (any, error) {
	out := []any{}
	for it := l.Iterator(); it.HasNext() == types.True; {
		e, err := toNative(it.Next())
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func fromMap(m traits.Mapper) (any, error) {
	out := map[string]any{}
	for it := m.Iterator(); it.HasNext() == types.True; {
		k := it.Next()
		name, ok := k.(types.String)
		if !ok {
			return nil, fmt.Errorf("a map key is %s, want a string", typeName(k))
		}
		e, err := toNative(m.Get(k))
		if err != nil {
			return nil, err
		}
		out[string(name)] = e
	}
	return out, nil
}
