package trigger

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// someSpec draws a spec of a few keys, three levels deep.
func someSpec(depth int) *rapid.Generator[m] {
	return rapid.Custom(func(t *rapid.T) m {
		out := m{}
		for _, key := range []string{"a", "b", "ab", "operation"} {
			n := rapid.IntRange(0, 5).Draw(t, key)
			switch {
			case n < 3 && depth > 0:
				out[key] = someSpec(depth-1).Draw(t, key)
			case n == 3:
				out[key] = int64(1)
			case n == 4:
				out[key] = []any{int64(1)}
			}
		}
		return out
	})
}

var somePath = rapid.SampledFrom([]string{"a", "b", "ab", "a.a", "a.b", "a.b.a", "b.ab", "a.b.a.b"})

// someKind draws a kind with plans in any order, of which one is a fallback.
func someKind(t *rapid.T) *api.Kind {
	names := rapid.Permutation([]string{"deploy", "update", "p", "q", "r"}).Draw(t, "order")
	k := kind()
	for _, name := range names {
		k.Plans = append(k.Plans, plan(name, api.Triggers{
			Paths: rapid.SliceOfN(somePath, 0, 2).Draw(t, "paths"),
			When:  rapid.SampledFrom([]string{"", "", "true", "false", "has(spec.a)"}).Draw(t, "when"),
		}))
	}
	return k
}

// TestNothingIsLost checks what holds of every choice.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := someKind(t)
		in := Input{Old: someSpec(2).Draw(t, "old"), New: someSpec(2).Draw(t, "new"),
			SchemaTriggers: rapid.MapOfN(somePath, rapid.SampledFrom([]string{"p", "q", "update"}), 0, 3).Draw(t, "schema")}
		if rapid.Bool().Draw(t, "unfinished") {
			in.Unfinished = []map[string]any{someSpec(2).Draw(t, "between")}
		}
		chosen, err := Choose(k, in)
		if err != nil {
			t.Fatal(err)
		}
		checkOrder(t, k, chosen)
		plans := map[string]bool{}
		for _, c := range chosen {
			plans[c.Plan] = true
		}
		changed := 0
		for _, old := range append(in.Unfinished, in.Old) {
			for path := range leaves(old, in.New) {
				changed++
				checkTaken(t, k, in, plans, path)
			}
		}
		if (changed == 0) != (len(chosen) == 0) {
			t.Fatalf("%d changed fields choose %v", changed, chosen)
		}
		if again, _ := Choose(k, in); !reflect.DeepEqual(chosen, again) {
			t.Fatalf("first %v, then %v", chosen, again)
		}
	})
}

// checkOrder checks that plans stand in package order, each once, with a reason.
func checkOrder(t *rapid.T, k *api.Kind, chosen []Chosen) {
	last := -1
	for _, c := range chosen {
		i := slices.IndexFunc(k.Plans, func(p api.Plan) bool { return p.Name == c.Plan })
		if i <= last || c.Reason == "" {
			t.Fatalf("plan %q (%q) after number %d of the package", c.Plan, c.Reason, last)
		}
		last = i
	}
}

// leaves returns the differing fields of two specs that are not objects; an object without fields
// counts as a field. It is written apart from the code under test.
func leaves(old, new m) map[string]bool {
	flat := func(spec m) map[string]string {
		out := map[string]string{}
		var walk func(prefix string, value any)
		walk = func(prefix string, value any) {
			object, ok := value.(m)
			if !ok || len(object) == 0 {
				out[prefix] = fmt.Sprintf("%T %v", value, value)
				return
			}
			for key, value := range object {
				walk(prefix+"."+key, value)
			}
		}
		for key, value := range spec {
			if key != "operation" {
				walk(key, value)
			}
		}
		return out
	}
	a, b, differ := flat(old), flat(new), map[string]bool{}
	for path, value := range a {
		if b[path] != value {
			differ[path] = true
		}
	}
	for path, value := range b {
		if a[path] != value {
			differ[path] = true
		}
	}
	return differ
}

// checkTaken checks that a field is taken by a plan that is named for it, or by the fallback.
func checkTaken(t *rapid.T, k *api.Kind, in Input, plans map[string]bool, field string) {
	active := func(p *api.Plan) bool {
		_, hasA := in.New["a"]
		return p.Triggers.When == "" || p.Triggers.When == "true" || p.Triggers.When == "has(spec.a)" && hasA
	}
	related := func(a, b string) bool {
		return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
	}
	taken := plans["update"]
	for i := range k.Plans {
		p := &k.Plans[i]
		for _, path := range p.Triggers.Paths {
			if active(p) && (field == path || strings.HasPrefix(field, path+".")) && !plans[p.Name] {
				t.Fatalf("%s changed and plan %s, which names %s, is not among %v", field, p.Name, path, plans)
			}
			taken = taken || active(p) && plans[p.Name] && related(field, path)
		}
	}
	for path, name := range in.SchemaTriggers {
		taken = taken || plans[name] && active(k.Plan(name)) && related(field, path)
	}
	if !taken {
		t.Fatalf("nobody takes %s: %v", field, plans)
	}
}

// TestNearestInSchemaWins checks that of nested x-plan keywords the nearest decides.
func TestNearestInSchemaWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		depth := rapid.IntRange(1, 5).Draw(t, "depth")
		k, in := kind(plan("update", api.Triggers{})), Input{SchemaTriggers: map[string]string{}}
		want := "update"
		path := ""
		for i := range depth {
			path = strings.TrimPrefix(path+".x", ".")
			name := fmt.Sprint("p", i)
			k.Plans = append(k.Plans, plan(name, api.Triggers{}))
			if rapid.Bool().Draw(t, "named") {
				in.SchemaTriggers[path], want = name, name
			}
		}
		nest := func(value any) m {
			for range depth {
				value = m{"x": value}
			}
			return value.(m)
		}
		in.Old, in.New = nest(int64(1)), nest(int64(2))
		chosen, err := Choose(k, in)
		if err != nil || len(chosen) != 1 || chosen[0].Plan != want {
			t.Fatalf("chose %v, %v; want %s", chosen, err, want)
		}
	})
}
