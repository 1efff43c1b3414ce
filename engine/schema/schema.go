package schema

import (
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Schema is a kind's compiled schema of spec. It is immutable and safe for concurrent use.
type Schema struct {
	nodes    *structural.Structural
	openapi  validation.SchemaValidator
	rules    *cel.Validator
	triggers map[string]string
	nameMax  int64
}

// New compiles the schema of a kind. An error is api.Problems about schema.yaml.
func New(k *api.Kind) (*Schema, error) {
	s := readSpec(k.Schema)
	if s.problems.Err() != nil {
		return nil, s.problems
	}
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(s.props, &internal, nil); err != nil {
		return nil, fmt.Errorf("convert the schema of %s: %w", k.Names.Kind, err)
	}
	nodes, err := structural.NewStructural(&internal)
	if err != nil {
		return nil, api.Problems{{File: schemaFile, Message: fmt.Sprintf("is not a structural schema: %v", err)}}
	}
	openapi, _, err := validation.NewSchemaValidator(&internal)
	if err != nil {
		return nil, fmt.Errorf("compile the schema of %s: %w", k.Names.Kind, err)
	}
	return &Schema{
		nodes: nodes, openapi: openapi, triggers: s.triggers, nameMax: s.nameMax,
		rules: cel.NewValidator(nodes, false, celconfig.PerCallLimit),
	}, nil
}

// Triggers returns the plans that x-plan names, by the path in spec that asks for them.
func (s *Schema) Triggers() map[string]string {
	t := make(map[string]string, len(s.triggers))
	for path, plan := range s.triggers {
		t[path] = plan
	}
	return t
}

// Default returns a deep copy of a spec with the defaults filled in that an API server fills in.
// A spec that holds something else than JSON values counts as empty.
func (s *Schema) Default(spec map[string]any) map[string]any {
	c, err := cloneMap(spec)
	if err != nil {
		c = map[string]any{}
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(c, s.nodes)
	defaulting.Default(c, s.nodes)
	return c
}
