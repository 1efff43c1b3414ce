package reference

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// form is what a JSON schema of a package document says about one value.
type form struct {
	Ref                  string           `json:"$ref"`
	Title                string           `json:"title"`
	Description          string           `json:"description"`
	Type                 any              `json:"type"`
	Enum                 []string         `json:"enum"`
	Properties           map[string]*form `json:"properties"`
	Required             []string         `json:"required"`
	Items                *form            `json:"items"`
	AdditionalProperties json.RawMessage  `json:"additionalProperties"`
	AllOf                []*form          `json:"allOf"`
	Definitions          map[string]*form `json:"definitions"`
}

// Format returns the reference of the documents of a package from their JSON schemas, in order.
func Format(schemas [][]byte) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("<!-- Generated from the package documents' JSON schemas; do not edit. -->\n\n# Package format, key by key\n\n")
	b.WriteString("What the documents mean together stands in [package format](../package-format.md). A key that is not listed is refused.\n")
	for _, raw := range schemas {
		var f form
		if err := json.Unmarshal(raw, &f); err != nil {
			return nil, fmt.Errorf("read schema: %w", err)
		}
		f.document(&b)
	}
	return b.Bytes(), nil
}

func (f *form) document(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## %s\n", strings.TrimSuffix(f.Title, " of an operator package"))
	if len(f.AllOf) == 0 {
		f.table(b)
	}
	for _, name := range sortedKeys(f.Definitions) {
		fmt.Fprintf(b, "\n### %s\n", name)
		f.Definitions[name].table(b)
	}
}

// table writes the keys of an object.
func (f *form) table(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n%s\n", f.Description)
	if len(f.Properties) == 0 {
		return
	}
	b.WriteString("\n| key | type | meaning |\n|---|---|---|\n")
	f.rows(b, "")
}

func (f *form) rows(b *bytes.Buffer, path string) {
	for _, name := range sortedKeys(f.Properties) {
		p := f.Properties[name]
		required := ""
		if slices.Contains(f.Required, name) {
			required = " (required)"
		}
		fmt.Fprintf(b, "| `%s%s`%s | %s | %s |\n", path, name, required, p.kind(), cell(p.Description))
		p.rows(b, path+name+".")
		if p.Items != nil {
			p.Items.rows(b, path+name+"[].")
		}
		if each := p.each(); each != nil {
			each.rows(b, path+name+".*.")
		}
	}
}

// each is what a map holds, if it says so.
func (f *form) each() *form {
	var each form
	if err := json.Unmarshal(f.AdditionalProperties, &each); err != nil {
		return nil
	}
	return &each
}

// kind says in words what a value is.
func (f *form) kind() string {
	switch {
	case f.Ref != "":
		return "[" + definition(f.Ref) + "](#" + strings.ToLower(definition(f.Ref)) + ")"
	case len(f.Enum) > 0:
		return "`" + strings.Join(f.Enum, "`, `") + "`"
	case f.Items != nil:
		return "list of " + f.Items.kind()
	}
	switch t := f.Type.(type) {
	case string:
		if each := f.each(); t == "object" && each != nil && each.kind() != "any" {
			return "map of " + each.kind()
		}
		return t
	case []any:
		words := make([]string, len(t))
		for i := range t {
			words[i] = fmt.Sprint(t[i])
		}
		return strings.Join(words, " or ")
	}
	return "any"
}

func definition(ref string) string { return strings.TrimPrefix(ref, "#/definitions/") }

func sortedKeys(m map[string]*form) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
