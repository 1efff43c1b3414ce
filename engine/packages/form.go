package packages

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/xeipuuv/gojsonschema"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

//go:embed schemas/*.schema.json
var schemaFiles embed.FS

// form is the JSON schema of one of a package's documents.
type form struct {
	raw      map[string]any
	compiled *gojsonschema.Schema
}

// forms holds the compiled schemas by name: operator, kind, schema, plans, tasks.
var forms = sync.OnceValues(func() (map[string]*form, error) {
	all := map[string]*form{}
	for _, name := range []string{"operator", "kind", "schema", "plans", "tasks"} {
		f, err := readForm(name)
		if err != nil {
			return nil, fmt.Errorf("compile the JSON schema of %s.yaml: %w", name, err)
		}
		all[name] = f
	}
	return all, nil
})

func readForm(name string) (*form, error) {
	text, err := JSONSchema(name)
	if err != nil {
		return nil, err
	}
	f := &form{}
	if err := json.Unmarshal(text, &f.raw); err != nil {
		return nil, err
	}
	f.compiled, err = gojsonschema.NewSchema(gojsonschema.NewGoLoader(f.raw))
	return f, err
}

// JSONSchema returns the JSON schema (draft 7) of a document: operator, kind, schema, plans or
// tasks. Editors take it for completion and checks.
func JSONSchema(name string) ([]byte, error) {
	return schemaFiles.ReadFile("schemas/" + name + ".schema.json")
}

// checkForm notes everything in which a document is not of its form. It returns whether the
// document can be read nevertheless, so that other checks can go on.
func checkForm(name string, d *document) (readable bool) {
	all, err := forms()
	if err != nil {
		d.problem(mark{1, 1}, "", err.Error(), "")
		return false
	}
	f := all[name]
	result, err := f.compiled.Validate(gojsonschema.NewGoLoader(d.value))
	if err != nil {
		d.problem(mark{1, 1}, "", fmt.Sprintf("cannot be checked: %v", err), "")
		return false
	}
	readable, d.formed = true, true
	for _, e := range result.Errors() {
		if p, ok := f.problem(d, e); ok {
			d.problems = append(d.problems, p)
			readable = readable && mild(e)
			d.formed = d.formed && e.Type() == "additional_property_not_allowed"
		}
	}
	return readable
}

// mild says whether a value fits into its Go type although it is not allowed.
func mild(e gojsonschema.ResultError) bool {
	switch e.Type() {
	case "invalid_type", "required":
		return false
	case "enum":
		_, isText := e.Value().(string)
		return isText
	case "pattern":
		return fmt.Sprint(e.Details()["pattern"]) != durationPattern
	}
	return true
}

// durationPattern is what the JSON schemas demand of durations.
const durationPattern = `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`

// problem says what one error means; false for errors that only echo others.
func (f *form) problem(d *document, e gojsonschema.ResultError) (api.Problem, bool) {
	parts := strings.Split(e.Context().String("\x00"), "\x00")[1:]
	path := pathOf(d.value, parts)
	at := d.at(path)
	var message, hint string
	switch e.Type() {
	case "condition_then", "condition_else", "number_all_of", "number_any_of", "number_one_of", "invalid_property_name":
		return api.Problem{}, false
	case "additional_property_not_allowed":
		key := fmt.Sprint(e.Details()["property"])
		hint = suggestKey(key, f.known(d.value, parts))
		path, message = join(path, key), "this key does not exist"
		at = d.keyAt(path)
	case "required":
		path, message = join(path, fmt.Sprint(e.Details()["property"])), "is missing"
	case "invalid_type":
		message, hint = wrongType(e)
	case "enum":
		message, hint = wrongWord(e)
	case "pattern", "does_not_match_pattern":
		message = fmt.Sprintf("%s %s", show(e.Value()), wrongText(fmt.Sprint(e.Details()["pattern"])))
	case "string_gte", "array_min_items", "array_min_properties":
		message = "must not be empty"
	default:
		message = lowerFirst(e.Description())
	}
	return api.Problem{File: d.file, Line: at.line, Column: at.column, Path: path, Message: message, Hint: hint}, true
}

// suggestKey names the key that was meant, or the few that exist.
func suggestKey(key string, known []string) string {
	if hint := suggest.Hint(key, known); hint != "" {
		return hint
	}
	if len(known) == 0 || len(known) > 12 {
		return ""
	}
	return "known here: " + strings.Join(known, ", ")
}

func wrongType(e gojsonschema.ResultError) (message, hint string) {
	want, got := typeName(e.Details()["expected"]), typeName(e.Details()["given"])
	message = fmt.Sprintf("must be %s, not %s", want, got)
	if want == "text" && (strings.HasSuffix(got, "number") || got == "true or false") {
		hint = "put it in quotes"
	}
	return message, hint
}

// typeName says a JSON type, or several, in words.
func typeName(v any) string {
	words := map[string]string{
		"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
		"array": "a list", "object": "a map", "null": "empty",
	}
	var said []string
	for _, t := range strings.Split(fmt.Sprint(v), ",") {
		t = strings.Trim(t, " []")
		if w, ok := words[t]; ok {
			t = w
		}
		said = append(said, t)
	}
	return strings.Join(said, " or ")
}

func wrongWord(e gojsonschema.ResultError) (message, hint string) {
	allowed := fmt.Sprint(e.Details()["allowed"])
	var words []string
	for i, part := range strings.Split(allowed, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		}
	}
	value, _ := e.Value().(string)
	return fmt.Sprintf("%s is not one of %s", show(e.Value()), strings.Join(words, ", ")), suggest.Hint(value, words)
}

// wrongText says in words what a pattern of the schemas demands.
func wrongText(pattern string) string {
	switch pattern {
	case durationPattern:
		return "is no duration; write 30s, 5m or 1h30m"
	case "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$":
		return "must consist of lower case letters, digits and -, and have at most 63 of them"
	case "^[A-Z][A-Za-z0-9]*$":
		return "must be in CamelCase, such as Available"
	case "^[a-z][A-Za-z0-9]*$":
		return "must be in camelCase, such as shareCount"
	case "^v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$":
		return "is no API version; write v1, v1beta1 or v1alpha1"
	case "^/":
		return "must begin with /"
	case "^\\.":
		return "must begin with a dot, such as .status.plan.name"
	}
	return "must match " + pattern
}

func show(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	return fmt.Sprint(v)
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
