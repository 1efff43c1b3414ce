package schema

import (
	"encoding/json"
	"fmt"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// MaxSize is the size in bytes that the JSON of a CustomResourceDefinition may have: far below what
// etcd stores, and small enough that a client-side apply can still annotate it.
const MaxSize = 100 << 10

// CRD returns the kind's CustomResourceDefinition, in the form and with the checks of an API
// server. An error is api.Problems; their File is schema.yaml or kind.yaml of the kind's folder.
func CRD(p *api.Package, k *api.Kind) (*apiextensionsv1.CustomResourceDefinition, error) {
	s := readSpec(k.Schema)
	status, err := statusSchema()
	if err != nil {
		return nil, err
	}
	problems := append(s.problems, mergeStatus(status, k.Status)...)
	if problems.Err() != nil {
		return nil, problems
	}
	root, err := rootSchema(k, s, status)
	if err != nil {
		return nil, err
	}
	crd := newCRD(p, k, root)
	problems = append(problems, checkColumns(k, root)...)
	problems = append(problems, checkCRD(crd, k)...)
	problems = append(problems, checkSize(crd)...)
	if problems.Err() != nil {
		return nil, problems
	}
	return crd, nil
}

func newCRD(p *api.Package, k *api.Kind, root *apiextensionsv1.JSONSchemaProps) *apiextensionsv1.CustomResourceDefinition {
	n := k.Names
	singular := n.Singular
	if singular == "" {
		singular = strings.ToLower(n.Kind)
	}
	return &apiextensionsv1.CustomResourceDefinition{
		TypeMeta: metav1.TypeMeta{APIVersion: apiextensionsv1.SchemeGroupVersion.String(), Kind: "CustomResourceDefinition"},
		ObjectMeta: metav1.ObjectMeta{
			Name:   n.Plural + "." + p.Group,
			Labels: map[string]string{api.LabelPackage: p.Name},
		},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: p.Group,
			Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{
				Kind: n.Kind, ListKind: n.Kind + "List", Plural: n.Plural, Singular: singular,
				ShortNames: n.ShortNames, Categories: n.Categories,
			},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: k.Version, Served: true, Storage: true,
				Schema:                   &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: root},
				Subresources:             &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
				AdditionalPrinterColumns: columns(k),
			}},
		},
	}
}

// rootSchema returns the schema of the whole resource.
func rootSchema(k *api.Kind, s *spec, status map[string]any) (*apiextensionsv1.JSONSchemaProps, error) {
	what := s.props.Description
	if what == "" {
		what = fmt.Sprintf("%s is a resource that its operator carries out by plans.", k.Names.Kind)
		s.props.Description = "Spec is what is wished for."
	}
	root := &apiextensionsv1.JSONSchemaProps{
		Type: "object", Description: what, Required: []string{"spec"},
		Properties: map[string]apiextensionsv1.JSONSchemaProps{
			"apiVersion": {Type: "string", Description: "APIVersion is the API group and version of this resource."},
			"kind":       {Type: "string", Description: "Kind is the kind of this resource."},
			"metadata":   {Type: "object"},
			"spec":       *s.props,
		},
		XValidations: nameRules(s.nameMax),
	}
	var st apiextensionsv1.JSONSchemaProps
	if err := convert(status, &st); err != nil {
		return nil, api.Problems{{File: kindFile, Path: "status", Message: fmt.Sprintf("cannot be read as OpenAPI v3 schemas: %v", err)}}
	}
	root.Properties["status"] = st
	return root, nil
}

func nameRules(most int64) apiextensionsv1.ValidationRules {
	return apiextensionsv1.ValidationRules{
		{Rule: fmt.Sprintf("size(self.metadata.name) <= %d", most), Message: nameMessage(most)},
		{Rule: fmt.Sprintf("self.metadata.name.matches('%s')", nameForm), Message: nameFormMessage},
	}
}

// The form of names: those of Services and labels begin with them.
const (
	nameForm        = "^[a-z]([-a-z0-9]*[a-z0-9])?$"
	nameFormMessage = "metadata.name must begin with a letter, end with a letter or digit, and hold only a-z, 0-9 and -, because the names of other objects begin with it; choose another name"
)

func nameMessage(most int64) string {
	return fmt.Sprintf("metadata.name may have at most %d characters, because the names of other objects begin with it; choose a shorter name", most)
}

// columns returns the kind's printer columns; a kind that names none shows how its plan stands.
func columns(k *api.Kind) []apiextensionsv1.CustomResourceColumnDefinition {
	of := k.Columns
	if len(of) == 0 {
		of = defaultColumns()
	}
	cols := make([]apiextensionsv1.CustomResourceColumnDefinition, len(of))
	for i, c := range of {
		cols[i] = apiextensionsv1.CustomResourceColumnDefinition{
			Name: c.Name, Type: c.Type, JSONPath: c.JSONPath, Description: c.Description, Priority: c.Priority,
		}
	}
	return cols
}

func defaultColumns() []api.Column {
	return []api.Column{
		{Name: "Ready", Type: "string", JSONPath: `.status.conditions[?(@.type=="Ready")].status`},
		{Name: "Plan", Type: "string", JSONPath: ".status.plan.name"},
		{Name: "Step", Type: "string", JSONPath: ".status.plan.step"},
		{Name: "Progress", Type: "string", JSONPath: ".status.plan.progress", Priority: 1},
		{Name: "Message", Type: "string", JSONPath: ".status.plan.message", Priority: 1},
		{Name: "Age", Type: "date", JSONPath: ".metadata.creationTimestamp"},
	}
}

func checkSize(crd *apiextensionsv1.CustomResourceDefinition) api.Problems {
	b, err := json.Marshal(crd)
	if err != nil {
		return api.Problems{{File: schemaFile, Message: fmt.Sprintf("cannot be written as JSON: %v", err)}}
	}
	if len(b) <= MaxSize {
		return nil
	}
	return api.Problems{{
		File:    schemaFile,
		Message: fmt.Sprintf("the CustomResourceDefinition has %d KiB, more than %d KiB", len(b)>>10, MaxSize>>10),
		Hint:    "shorten descriptions or use fewer fields",
	}}
}
