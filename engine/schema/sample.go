package schema

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Sample returns a small spec: what is required, with the least values that are allowed, and all
// defaults. The problems say why the schema itself refuses it, which patterns and rules over
// several fields can bring about.
func (s *Schema) Sample() (map[string]any, api.Problems) { return s.sample(sampler{}) }

// FullSample returns a spec in which every field is set, every list and map has an entry and every
// boolean is true, with problems as Sample has.
func (s *Schema) FullSample() (map[string]any, api.Problems) { return s.sample(sampler{full: true}) }

func (s *Schema) sample(of sampler) (map[string]any, api.Problems) {
	v, _ := of.value(s.nodes).(map[string]any)
	spec := s.Default(v)
	return spec, s.Validate(spec, nil)
}

// sampler makes up values; full sets what is optional too.
type sampler struct{ full bool }

// value returns a value for a node.
func (s sampler) value(n *structural.Structural) any {
	v := n.ValueValidation
	if v == nil {
		v = &structural.ValueValidation{}
	}
	switch {
	case n.Type == "object":
		return s.object(n, v)
	case n.Type == "array":
		return s.list(n, v)
	case n.Type == "boolean" && s.full:
		return true
	case n.Default.Object != nil:
		return n.Default.Object
	case len(v.Enum) > 0:
		return v.Enum[0].Object
	case n.XIntOrString:
		return int64(1)
	}
	return scalar(n.Type, v)
}

func scalar(typ string, v *structural.ValueValidation) any {
	switch typ {
	case "string":
		return sampleString(v)
	case "boolean":
		return false
	case "integer":
		return int64(math.Ceil(sampleNumber(v)))
	case "number":
		return sampleNumber(v)
	}
	return map[string]any{}
}

func (s sampler) object(n *structural.Structural, v *structural.ValueValidation) any {
	if n.Default.Object != nil && !s.full {
		return n.Default.Object
	}
	m := map[string]any{}
	for name, p := range n.Properties {
		if s.full || slices.Contains(v.Required, name) {
			m[name] = s.value(&p)
		}
	}
	if n.AdditionalProperties != nil && n.AdditionalProperties.Structural != nil {
		for i := range s.count(v.MinProperties) {
			m[fmt.Sprintf("key%d", i)] = s.value(n.AdditionalProperties.Structural)
		}
	}
	return m
}

func (s sampler) list(n *structural.Structural, v *structural.ValueValidation) any {
	if n.Default.Object != nil && !s.full {
		return n.Default.Object
	}
	l := []any{}
	if n.Items == nil {
		return l
	}
	for range s.count(v.MinItems) {
		l = append(l, s.value(n.Items))
	}
	return l
}

// count is how many entries a list or map gets.
func (s sampler) count(least *int64) int64 {
	n := int64(0)
	if s.full {
		n = 1
	}
	if least != nil {
		n = max(n, min(*least, 10))
	}
	return n
}

func sampleNumber(v *structural.ValueValidation) float64 {
	switch {
	case v.Minimum != nil && v.ExclusiveMinimum:
		return *v.Minimum + 1
	case v.Minimum != nil:
		return *v.Minimum
	case v.Maximum != nil && *v.Maximum < 1:
		return *v.Maximum - 1
	}
	return 1
}

// guesses are texts that patterns of specs commonly accept.
var guesses = []string{
	"x", "example", "1", "10", "1Gi", "10Gi", "1.0.0", "v1.0.0", "1.0", "5m", "30s", "1h", "a-b", "example.org",
	"http://example.org", "https://example.org", "s3://example", "example.org/image:1", "/", "/data", "* * * * *",
	"00:00", "10.0.0.1", "10.0.0.0/8", "0644", "sha256:" + "0000000000000000000000000000000000000000000000000000000000000000",
}

var byFormat = map[string]string{
	"date-time": "2020-01-01T00:00:00Z", "date": "2020-01-01", "duration": "1h", "uri": "http://example.org",
	"email": "a@example.org", "ipv4": "10.0.0.1", "ipv6": "::1", "ip": "10.0.0.1", "cidr": "10.0.0.0/8",
	"uuid": "00000000-0000-0000-0000-000000000000", "byte": "eA==", "hostname": "example.org", "quantity": "1",
}

// sampleString returns a guess that the pattern and the lengths accept, or else a wrong one, which
// Validate then names.
func sampleString(v *structural.ValueValidation) string {
	if text, ok := byFormat[v.Format]; ok {
		return text
	}
	pattern, err := regexp.Compile(v.Pattern)
	if err != nil {
		return guesses[0]
	}
	for _, g := range guesses {
		g = fit(g, v)
		if pattern.MatchString(g) && (v.MaxLength == nil || int64(len(g)) <= *v.MaxLength) {
			return g
		}
	}
	return fit(guesses[0], v)
}

// fit lengthens a text to the least length.
func fit(g string, v *structural.ValueValidation) string {
	const most = 1 << 10
	if v.MinLength == nil || int64(len(g)) >= *v.MinLength || *v.MinLength > most {
		return g
	}
	return g + strings.Repeat("x", int(*v.MinLength)-len(g))
}
