package schema

import (
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func TestCRDOfTheLamp(t *testing.T) {
	p, k := lamp(t)
	crd, err := CRD(p, k)
	if err != nil {
		t.Fatal(err)
	}
	out, err := yaml.Marshal(crd)
	if err != nil {
		t.Fatal(err)
	}
	for _, keyword := range []string{KeyPlan, KeyImmutable, KeyNameMaxLength} {
		if strings.Contains(string(out), keyword) {
			t.Errorf("the keyword %s must not reach the API server", keyword)
		}
	}
	golden(t, "lamp.crd.yaml", out)
}

func TestEveryFieldOfACRDIsExplained(t *testing.T) {
	p, k := lamp(t)
	crd, err := CRD(p, k)
	if err != nil {
		t.Fatal(err)
	}
	root := crd.Spec.Versions[0].Schema.OpenAPIV3Schema
	for name, prop := range root.Properties {
		if name != "metadata" { // Kubernetes explains it itself
			explained(t, name, &prop)
		}
	}
}

func explained(t *testing.T, at string, n *apiextensionsv1.JSONSchemaProps) {
	t.Helper()
	if strings.TrimSpace(n.Description) == "" {
		t.Errorf("%s: no description", at)
	}
	if n.Items != nil && n.Items.Schema != nil {
		n = n.Items.Schema
	}
	for name, prop := range n.Properties {
		explained(t, at+"."+name, &prop)
	}
}

func TestCRDRefuses(t *testing.T) {
	const head = "type: object\nproperties:\n"
	for name, c := range map[string]struct{ schema, want string }{
		"a spec that is no object": {"type: string",
			`schema.yaml: type: the schema of spec must have type object (write "type: object" at the top)`},
		"a field without description": {head + "  a: {type: object, description: A., properties: {b: {type: string}}}",
			`schema.yaml: properties.a.properties.b: has no description (say in a sentence what it does; kubectl explain shows it)`},
		"the engine's field": {head + "  operation: {type: string, description: O.}",
			`schema.yaml: properties.operation: spec.operation belongs to the engine (choose another name)`},
		"an expression that does not compile": {head + "  a: {type: string, description: A., x-kubernetes-validations: [{rule: self > 1}]}",
			`schema.yaml: properties.a.x-kubernetes-validations[0].rule: the rule does not compile: column 6: found no matching overload for '_>_' applied to '(string, int)'`},
		"an expression that costs too much": {head + "  a: {type: array, description: A., items: {type: string}, x-kubernetes-validations: [{rule: 'self.all(x, self.all(y, x == y))'}]}",
			`schema.yaml: properties.a.x-kubernetes-validations[0].rule: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`},
		"a list without items": {head + "  a: {type: array, description: A.}",
			`schema.yaml: properties.a.items: must be specified`},
		"a default of the wrong type": {head + "  a: {type: integer, description: A., default: x}",
			`schema.yaml: properties.a.default: must be of type integer, not string`},
		"a type that does not exist": {head + "  a: {type: strin, description: A.}",
			`schema.yaml: properties.a.type: "strin" is not supported; use one of "array", "boolean", "integer", "number", "object", "string"`},
		"a plan on an item": {head + "  a: {type: array, description: A., items: {type: string, x-plan: p}}",
			`schema.yaml: properties.a.items.x-plan: cannot tell one item of a list or map from another (put it on spec.a)`},
		"a plan on all": {"type: object\nx-plan: p",
			`schema.yaml: x-plan: stands on the whole spec (put it on the properties whose change asks for the plan)`},
		"a plan that is no name": {head + "  a: {type: string, description: A., x-plan: true}",
			`schema.yaml: properties.a.x-plan: must be the name of a plan`},
		"an immutable item without key": {head + "  a: {type: array, description: A., items: {type: object, properties: {b: {type: string, description: B., x-immutable: true}}}}",
			`schema.yaml: properties.a.items.properties.b.x-immutable: cannot hold here: the items of the list have no key that tells them apart over time (put it on the list, or give the list x-kubernetes-list-type: map)`},
		"an empty message": {head + "  a: {type: string, description: A., x-immutable: ' '}",
			`schema.yaml: properties.a.x-immutable: must be true or the message that refuses a change`},
		"a keyword in a junctor": {head + "  a: {type: string, description: A., anyOf: [{x-immutable: true}, {pattern: a}]}",
			`schema.yaml: properties.a.anyOf[0].x-immutable: has no effect under allOf, anyOf, oneOf and not (put it on the property)`},
		"a name length that is none": {"type: object\nx-name-max-length: 0",
			`schema.yaml: x-name-max-length: must be a number from 1 to 63`},
		"a definition that is too long": {head + "  a: {type: string, description: " + strings.Repeat("x", MaxSize) + "}",
			`schema.yaml: the CustomResourceDefinition has 110 KiB, more than 100 KiB (shorten descriptions or use fewer fields)`},
	} {
		_, err := CRD(&api.Package{Name: "things", Group: "example.org"}, kindOf(t, c.schema))
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if got := err.Error(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestCRDRefusesNamesAndColumns(t *testing.T) {
	k := kindOf(t, "type: object")
	k.Names.ShortNames = []string{"No_Good"}
	k.Columns = []api.Column{
		{Name: "Plan", Type: "string", JSONPath: ".status.plam"},
		{Name: "Odd", Type: "text", JSONPath: ".status.plan"},
	}
	_, err := CRD(&api.Package{Name: "things", Group: "example"}, k)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		`kind.yaml: columns[0].jsonPath: status has no field "plam" (did you mean "plan"?)`,
		`kind.yaml: columns[1].type: must be one of boolean,date,integer,number,string`,
		`kind.yaml: shortNames[0]: a DNS-1035 label`,
		`kind.yaml: group: should be a domain with at least one dot`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %s in\n%v", want, err)
		}
	}
}
