package packages

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
	"github.com/dittofs/dittofs-operator/engine/schema"
)

// checkSchema compiles the schema, and asks the code of an API server about the definition.
func (l *loader) checkSchema(k *kind) {
	if k.schema == nil || !k.schema.formed {
		return
	}
	s, err := schema.New(k.Kind)
	if err != nil {
		l.schemaProblems(k, err)
		return
	}
	if k.name != nil && k.name.formed {
		if _, err := schema.CRD(l.pkg, k.Kind); err != nil {
			l.schemaProblems(k, err)
			return
		}
	}
	k.compiled = s
}

// schemaProblems places what the schema package reports in the documents it names.
func (l *loader) schemaProblems(k *kind, err error) {
	var problems api.Problems
	if !errors.As(err, &problems) {
		problems = api.Problems{{File: schemaFile, Message: err.Error()}}
	}
	for _, p := range problems {
		d := k.schema
		if p.File == kindFile && k.name != nil {
			d = k.name
		}
		l.report(d, p)
	}
}

// checkXPlans looks whether the plans that the schema names exist.
func (l *loader) checkXPlans(k *kind) {
	triggers := k.compiled.Triggers()
	for _, field := range slices.Sorted(maps.Keys(triggers)) {
		name := triggers[field]
		if k.Plan(name) == nil {
			l.add(k.schema, docPath(field)+"."+schema.KeyPlan, fmt.Sprintf("there is no plan %q", name), suggest.Hint(name, planNames(k)))
		}
	}
}

// docPath turns a path in spec into the path of its property in schema.yaml.
func docPath(field string) string {
	path := ""
	for _, name := range split(field) {
		path = join(path, "properties."+name)
	}
	return path
}

func planNames(k *kind) []string {
	names := make([]string, len(k.Plans))
	for i := range k.Plans {
		names[i] = k.Plans[i].Name
	}
	return names
}
