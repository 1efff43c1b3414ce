// Package reference writes the Markdown reference of a kind from its
// CustomResourceDefinition, so that it can never say anything else than what
// the API server accepts.
package reference

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Markdown returns the reference of a kind.
func Markdown(crd *apiextensionsv1.CustomResourceDefinition, k *api.Kind) []byte {
	var b bytes.Buffer
	version := crd.Spec.Versions[0]
	root := version.Schema.OpenAPIV3Schema
	fmt.Fprintf(&b, "<!-- Generated from the operator package; do not edit. -->\n\n# %s\n\n", crd.Spec.Names.Kind)
	fmt.Fprintf(&b, "`%s/%s`, plural `%s`", crd.Spec.Group, version.Name, crd.Spec.Names.Plural)
	if len(crd.Spec.Names.ShortNames) > 0 {
		fmt.Fprintf(&b, ", short `%s`", strings.Join(crd.Spec.Names.ShortNames, "`, `"))
	}
	fmt.Fprintf(&b, ".\n\n")
	for _, part := range []string{"spec", "status"} {
		schema := root.Properties[part]
		fmt.Fprintf(&b, "## %s\n\n| field | type | default | meaning |\n|---|---|---|---|\n", part)
		fields(&b, "", &schema)
		b.WriteString("\n")
		if part == "spec" {
			rules(&b, &schema)
		}
	}
	plans(&b, k)
	return b.Bytes()
}

// fields writes one row a field, depth first, in alphabetical order.
func fields(b *bytes.Buffer, path string, s *apiextensionsv1.JSONSchemaProps) {
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := s.Properties[name]
		required := ""
		if slices.Contains(s.Required, name) {
			required = " (required)"
		}
		fmt.Fprintf(b, "| `%s%s`%s | %s | %s | %s |\n", path, name, required, kind(&p), value(p.Default), cell(p.Description))
		below(b, path+name, &p)
	}
}

func below(b *bytes.Buffer, path string, p *apiextensionsv1.JSONSchemaProps) {
	switch {
	case p.Items != nil && p.Items.Schema != nil:
		fields(b, path+"[].", p.Items.Schema)
	case p.AdditionalProperties != nil && p.AdditionalProperties.Schema != nil:
		fields(b, path+".*.", p.AdditionalProperties.Schema)
	default:
		fields(b, path+".", p)
	}
}

func kind(p *apiextensionsv1.JSONSchemaProps) string {
	text := p.Type
	switch {
	case p.XIntOrString:
		text = "integer or string"
	case p.Type == "array" && p.Items != nil && p.Items.Schema != nil:
		text = "list of " + p.Items.Schema.Type
	}
	if len(p.Enum) == 0 {
		return text
	}
	values := make([]string, len(p.Enum))
	for i := range p.Enum {
		values[i] = value(&p.Enum[i])
	}
	return text + ": " + strings.Join(values, ", ")
}

func value(j *apiextensionsv1.JSON) string {
	if j == nil {
		return ""
	}
	return "`" + strings.ReplaceAll(string(j.Raw), "|", "\\|") + "`"
}

func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

// rules lists what the API server refuses beyond types.
func rules(b *bytes.Buffer, spec *apiextensionsv1.JSONSchemaProps) {
	messages := messagesOf(spec)
	if len(messages) == 0 {
		return
	}
	b.WriteString("Refused besides wrong types:\n\n")
	for _, m := range messages {
		fmt.Fprintf(b, "- %s\n", m)
	}
	b.WriteString("\n")
}

func messagesOf(s *apiextensionsv1.JSONSchemaProps) []string {
	var out []string
	for _, v := range s.XValidations {
		if v.Message != "" {
			out = append(out, v.Message)
		}
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := s.Properties[name]
		out = append(out, messagesOf(&p)...)
	}
	return out
}

// plans lists the kind's plans and what asks for them.
func plans(b *bytes.Buffer, k *api.Kind) {
	b.WriteString("## Plans\n\n| plan | what it does | phases |\n|---|---|---|\n")
	for _, p := range k.Plans {
		names := make([]string, len(p.Phases))
		for i := range p.Phases {
			names[i] = p.Phases[i].Name
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", p.Name, cell(p.Description), strings.Join(names, " → "))
	}
}
