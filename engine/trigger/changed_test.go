package trigger

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

type m = map[string]any

func TestChanged(t *testing.T) {
	for name, c := range map[string]struct {
		old, new m
		want     []string
	}{
		"nothing":                  {m{"a": m{"b": []any{"x", int64(1)}}}, m{"a": m{"b": []any{"x", int64(1)}}}, []string{}},
		"both absent":              {nil, nil, []string{}},
		"value":                    {m{"image": "a:1"}, m{"image": "a:2"}, []string{"image"}},
		"deep value":               {m{"a": m{"b": m{"c": 1, "d": 2}}}, m{"a": m{"b": m{"c": 1, "d": 3}}}, []string{"a.b.d"}},
		"sorted":                   {m{"z": 1, "a": m{"z": 1, "b": 2}}, m{"z": 2, "a": m{"z": 2, "b": 3}}, []string{"a.b", "a.z", "z"}},
		"object came":              {m{}, m{"tls": m{"secret": "s", "mode": "on"}}, []string{"tls"}},
		"object went":              {m{"tls": m{"secret": "s"}}, m{}, []string{"tls"}},
		"field came":               {m{"tls": m{}}, m{"tls": m{"secret": "s"}}, []string{"tls.secret"}},
		"list as a whole":          {m{"l": []any{m{"n": "a"}, m{"n": "b"}}}, m{"l": []any{m{"n": "a"}, m{"n": "c"}}}, []string{"l"}},
		"list grew":                {m{"l": []any{}}, m{"l": []any{"a"}}, []string{"l"}},
		"list became object":       {m{"l": []any{}}, m{"l": m{}}, []string{"l"}},
		"null is absent":           {m{"a": nil, "l": []any{m{"x": nil}}}, m{"l": []any{m{}}}, []string{}},
		"numbers by value":         {m{"a": int64(3), "b": 3, "l": []any{1.0}}, m{"a": 3.0, "b": int64(3), "l": []any{int64(1)}}, []string{}},
		"fractions":                {m{"a": 3.5, "b": 3.5}, m{"a": 3.5, "b": int64(3)}, []string{"b"}},
		"number is no text":        {m{"a": "3"}, m{"a": int64(3)}, []string{"a"}},
		"large numbers":            {m{"a": int64(1) << 60}, m{"a": int64(1)<<60 + 1}, []string{"a"}},
		"operation does not count": {m{"operation": m{"suspend": true}}, m{"operation": m{"suspend": false}}, []string{}},
		"operation further down":   {m{"a": m{"operation": 1}}, m{"a": m{"operation": 2}}, []string{"a.operation"}},
	} {
		if diff := cmp.Diff(c.want, Changed(c.old, c.new)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
