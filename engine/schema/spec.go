package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// The engine's own keywords of schema.yaml. None of them reaches the CustomResourceDefinition.
const (
	// KeyPlan names the plan that a change at or below the property asks for.
	KeyPlan = "x-plan"
	// KeyImmutable refuses a change of the property after creation; a string is the message.
	KeyImmutable = "x-immutable"
	// KeyNameMaxLength, at the root, bounds the length of the instance's name.
	KeyNameMaxLength = "x-name-max-length"
)

// The documents that problems name.
const (
	schemaFile = "schema.yaml"
	kindFile   = "kind.yaml"
)

// spec is schema.yaml, taken apart: a schema that Kubernetes understands, and what it does not.
type spec struct {
	props    *apiextensionsv1.JSONSchemaProps
	triggers map[string]string
	nameMax  int64
	problems api.Problems
}

// readSpec compiles schema.yaml. What it returns is usable when there is no problem.
func readSpec(schema map[string]any) *spec {
	s := &spec{triggers: map[string]string{}}
	root, err := cloneMap(schema)
	if err != nil {
		s.problem("", fmt.Sprintf("the schema is not made of JSON values: %v", err), "")
		return s
	}
	if root["type"] != "object" {
		s.problem("type", "the schema of spec must have type object", `write "type: object" at the top`)
		return s
	}
	s.readNameMax(root)
	spreadImmutable(root)
	s.walk(root, place{anchor: root})
	s.addOperation(root)
	s.decode(root)
	return s
}

func (s *spec) problem(path, message, hint string) {
	s.problems = append(s.problems, api.Problem{File: schemaFile, Path: path, Message: message, Hint: hint})
}

// maxLabel is how long a label may be; every object carries its instance's name as one.
const maxLabel = 63

func (s *spec) readNameMax(root map[string]any) {
	s.nameMax = maxLabel
	v, ok := root[KeyNameMaxLength]
	if !ok {
		return
	}
	delete(root, KeyNameMaxLength)
	n, ok := v.(int64)
	if !ok || n < 1 || n > maxLabel {
		s.problem(KeyNameMaxLength, fmt.Sprintf("must be a number from 1 to %d", maxLabel), "")
		return
	}
	s.nameMax = n
}

// addOperation puts the engine's own field beside the package's.
func (s *spec) addOperation(root map[string]any) {
	props := child(root, "properties")
	if props == nil {
		props = map[string]any{}
		root["properties"] = props
	}
	if _, taken := props["operation"]; taken {
		s.problem("properties.operation", "spec.operation belongs to the engine", "choose another name")
		return
	}
	op, err := cloneMap(operationSchema())
	if err != nil {
		s.problem("", err.Error(), "")
		return
	}
	props["operation"] = op
}

func (s *spec) decode(root map[string]any) {
	s.props = &apiextensionsv1.JSONSchemaProps{}
	if err := convert(root, s.props); err != nil {
		s.problem("", fmt.Sprintf("cannot be read as an OpenAPI v3 schema: %v", err), "")
	}
}

// operationSchema describes api.Operation.
func operationSchema() map[string]any {
	return map[string]any{
		"type":        "object",
		"description": "Operation says how the engine shall treat this resource, apart from what it is.",
		"properties": map[string]any{
			"suspend": map[string]any{
				"type":        "boolean",
				"description": "Suspend stops the running plan before its next step and starts no new one, until it is false again.",
			},
		},
	}
}

// convert moves a JSON-like value into a typed one.
func convert(from, to any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

// child returns the map under a key, or nil.
func child(m map[string]any, key string) map[string]any {
	c, _ := m[key].(map[string]any)
	return c
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// join appends a key to a path.
func join(path string, keys ...string) string {
	return strings.TrimPrefix(path+"."+strings.Join(keys, "."), ".")
}
