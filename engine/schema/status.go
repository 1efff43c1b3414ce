package schema

import (
	_ "embed"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

//go:embed status.yaml
var statusYAML []byte

// statusSchema returns the schema of the engine's part of the status, anew at each call.
func statusSchema() (map[string]any, error) {
	var s map[string]any
	if err := yaml.Unmarshal(statusYAML, &s); err != nil {
		return nil, fmt.Errorf("read the schema of the status: %w", err)
	}
	return cloneMap(s)
}

// mergeStatus puts the kind's own status fields beside the engine's.
func mergeStatus(status map[string]any, fields []api.StatusField) api.Problems {
	var problems api.Problems
	add := func(path, message, hint string) {
		problems = append(problems, api.Problem{File: kindFile, Path: path, Message: message, Hint: hint})
	}
	props := child(status, "properties")
	own := map[string]bool{}
	for i, f := range fields {
		at := fmt.Sprintf("status[%d]", i)
		text, _ := f.Schema["description"].(string)
		field, err := cloneMap(f.Schema)
		switch {
		case own[f.Name]:
			add(at+".name", fmt.Sprintf("status field %q is stated twice", f.Name), "remove one")
		case props[f.Name] != nil:
			add(at+".name", fmt.Sprintf("status.%s belongs to the engine", f.Name), "choose another name")
		case strings.TrimSpace(text) == "":
			add(at+".schema", "has no description", "say in a sentence what it shows; kubectl explain shows it")
		case err != nil:
			add(at+".schema", fmt.Sprintf("is not made of JSON values: %v", err), "")
		default:
			props[f.Name] = field
			own[f.Name] = true
		}
	}
	return problems
}
