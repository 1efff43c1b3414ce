package schema

import (
	"fmt"
	"regexp"
	"strings"

	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// Validate checks a spec, defaulted first, as an API server checks it on creation, or, when old is
// not nil, on the change from old. Unknown fields are problems, as in kubectl's strict validation.
func (s *Schema) Validate(spec, old map[string]any) api.Problems {
	if _, err := cloneMap(spec); err != nil {
		return api.Problems{{Path: "spec", Message: fmt.Sprintf("is not made of JSON values: %v", err)}}
	}
	now := s.Default(spec)
	problems := unknown(now, s.nodes, "spec")
	var errs field.ErrorList
	if old == nil {
		errs = s.create(now)
	} else {
		errs = s.update(now, s.Default(old))
	}
	for _, e := range errs {
		if !echoes(e) {
			problems = append(problems, specProblem(e))
		}
	}
	problems.Sort()
	return problems
}

// echoes tells the error that the OpenAPI validator adds about a parent of a wrong number.
func echoes(e *field.Error) bool { return strings.HasPrefix(e.Detail, "Checked value must be of type") }

var validName = regexp.MustCompile(nameForm)

// ValidateName checks length and form of an instance's name.
func (s *Schema) ValidateName(name string) api.Problems {
	var problems api.Problems
	if int64(len(name)) > s.nameMax {
		problems = append(problems, api.Problem{Path: "metadata.name", Message: nameMessage(s.nameMax)})
	}
	if !validName.MatchString(name) {
		problems = append(problems, api.Problem{Path: "metadata.name", Message: nameFormMessage})
	}
	return problems
}

func specRoot() *field.Path { return field.NewPath("spec") }

func (s *Schema) create(now map[string]any) field.ErrorList {
	errs := validation.ValidateCustomResource(specRoot(), now, s.openapi)
	errs = append(errs, listtype.ValidateListSetsAndMaps(specRoot(), s.nodes, now)...)
	if len(errs) > 0 || s.rules == nil {
		return errs
	}
	errs, _ = s.rules.Validate(unhurried(), specRoot(), s.nodes, now, nil, celconfig.RuntimeCELCostBudget)
	return errs
}

// update forgives what was wrong before and has not changed, as an API server does.
func (s *Schema) update(now, old map[string]any) field.ErrorList {
	same := common.NewCorrelatedObject(now, old, &model.Structural{Structural: s.nodes})
	errs := validation.ValidateCustomResourceUpdate(specRoot(), now, old, s.openapi, validation.WithRatcheting(same))
	if len(listtype.ValidateListSetsAndMaps(specRoot(), s.nodes, old)) == 0 {
		errs = append(errs, listtype.ValidateListSetsAndMaps(specRoot(), s.nodes, now)...)
	}
	if len(errs) > 0 || s.rules == nil {
		return errs
	}
	errs, _ = s.rules.Validate(unhurried(), specRoot(), s.nodes, now, old, celconfig.RuntimeCELCostBudget, cel.WithRatcheting(same))
	return errs
}

func specProblem(e *field.Error) api.Problem {
	p := api.Problem{Path: e.Field, Message: sentence(e)}
	if e.Type == field.ErrorTypeNotSupported {
		if value, ok := e.BadValue.(string); ok {
			p.Hint = nearestOf(value, e.Detail)
		}
	}
	return p
}

// nearestOf finds a near value in Kubernetes' list of supported values.
func nearestOf(value, detail string) string {
	var known []string
	for i, part := range strings.Split(detail, `"`) {
		if i%2 == 1 {
			known = append(known, part)
		}
	}
	return suggest.Hint(value, known)
}

// unknown lists the fields that an API server would drop or refuse.
func unknown(v any, n *structural.Structural, path string) api.Problems {
	var problems api.Problems
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			next, known := lookup(n, key)
			if !known {
				problems = append(problems, api.Problem{Path: path + "." + key, Message: "is not a field of this kind", Hint: suggest.Hint(key, sortedKeys(n.Properties))})
				continue
			}
			if next != nil {
				problems = append(problems, unknown(v[key], next, path+"."+key)...)
			}
		}
	case []any:
		for i := range v {
			if n.Items != nil {
				problems = append(problems, unknown(v[i], n.Items, fmt.Sprintf("%s[%d]", path, i))...)
			}
		}
	}
	return problems
}

// lookup returns the schema under a key: nil when anything goes there, false when nothing does.
func lookup(n *structural.Structural, key string) (*structural.Structural, bool) {
	if next, ok := n.Properties[key]; ok {
		return &next, true
	}
	if n.AdditionalProperties != nil {
		return n.AdditionalProperties.Structural, n.AdditionalProperties.Structural != nil || n.AdditionalProperties.Bool
	}
	return nil, n.XPreserveUnknownFields || n.XEmbeddedResource
}
