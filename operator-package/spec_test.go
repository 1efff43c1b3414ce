package operatorpackage

import (
	"strings"
	"testing"
)

// badSpec is a spec that must be refused, or a change from an old one.
type badSpec struct {
	name, message string
	spec, old     map[string]any
}

func badSpecs(t *testing.T) []badSpec {
	t.Helper()
	list, _ := readYAML(t, "testdata/badspecs.yaml").([]any)
	if len(list) < 30 {
		t.Fatalf("only %d bad specs", len(list))
	}
	bad := make([]badSpec, len(list))
	for i := range list {
		m, _ := list[i].(map[string]any)
		b := &bad[i]
		b.name, _ = m["name"].(string)
		b.message, _ = m["error"].(string)
		b.spec, _ = m["spec"].(map[string]any)
		b.old, _ = m["old"].(map[string]any)
		if b.name == "" || b.message == "" || b.spec == nil {
			t.Fatalf("testdata/badspecs.yaml: entry %d lacks name, error or spec", i)
		}
	}
	return bad
}

func TestBadSpecsAreRefusedWithAReason(t *testing.T) {
	_, _, s := load(t)
	for _, bad := range badSpecs(t) {
		t.Run(bad.name, func(t *testing.T) {
			if bad.old != nil {
				for _, spec := range []map[string]any{bad.old, bad.spec} {
					if p := s.Validate(spec, nil); len(p) > 0 {
						t.Errorf("refused alone: %v", p)
					}
				}
			}
			p := s.Validate(bad.spec, bad.old)
			if p.Err() == nil || !strings.Contains(p.Error(), bad.message) {
				t.Errorf("got %v, want a problem that contains %q", p, bad.message)
			}
		})
	}
}

func TestSamplesAndCasesAreValid(t *testing.T) {
	_, _, s := load(t)
	for _, file := range glob(t, samples, cases) {
		if p := s.Validate(specOf(t, file), nil); len(p) > 0 {
			t.Errorf("%s: %v", file, p)
		}
	}
}

func TestFullCaseSetsEveryField(t *testing.T) {
	_, kind, _ := load(t)
	full := specOf(t, "tests/full.yaml")
	full["service"].(map[string]any)["loadBalancerClass"] = "tests/loadbalancer.yaml has it"
	properties, _ := kind.Schema["properties"].(map[string]any)
	missing(t, "spec", properties, full)
}

func missing(t *testing.T, path string, properties, values map[string]any) {
	t.Helper()
	for name, p := range properties {
		at := path + "." + name
		value, ok := values[name]
		if !ok {
			t.Errorf("%s is not set", at)
			continue
		}
		sub, _ := p.(map[string]any)["properties"].(map[string]any)
		object, _ := value.(map[string]any)
		if sub != nil {
			missing(t, at, sub, object)
		}
	}
}
