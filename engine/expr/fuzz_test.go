package expr

import "testing"

// FuzzCompile: whatever the source, compiling and evaluating ends, without a panic, in a value of
// JSON or in an error that fits in one line.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		`object.spec.replicas == 3`, `object.?a.?b.orValue([])`, `[1,2,3].map(x, x * 2).sum()`, `'a' + `,
		`quantity('1Gi')`, `"%s".format([object])`, `object.all(k, object[k] != null)`, `optional.none()`,
		`1 / 0`, `9223372036854775807 + 1`, `double('NaN')`, `object['\u0000']`, `type(1)`, `{1: 2}`, `url('::')`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		p, err := Compile(src, "object")
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a text")
			}
			return
		}
		if v, ok, err := p.Value(sample); err == nil && ok {
			checkJSON(t, v)
		}
	})
}

func checkJSON(t *testing.T, v any) {
	switch v := v.(type) {
	case nil, bool, int64, float64, string:
	case []any:
		for _, e := range v {
			checkJSON(t, e)
		}
	case map[string]any:
		for _, e := range v {
			checkJSON(t, e)
		}
	default:
		t.Errorf("value of type %T", v)
	}
}
