package schema

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// unhurried is the context of the checks that Kubernetes' own code does. Cost budgets bound them;
// there is nothing to wait for and so nothing to cancel.
func unhurried() context.Context { return context.Background() } //nolint:forbidigo // the code of Kubernetes asks for one; cost budgets bound it

// checkCRD asks the code of an API server whether it would accept the definition.
func checkCRD(crd *apiextensionsv1.CustomResourceDefinition, k *api.Kind) api.Problems {
	c := crd.DeepCopy()
	apiextensionsv1.SetDefaults_CustomResourceDefinition(c)
	apiextensionsv1.SetDefaults_CustomResourceDefinitionSpec(&c.Spec)
	c.Status.StoredVersions = []string{k.Version}
	var internal apiextensions.CustomResourceDefinition
	if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(c, &internal, nil); err != nil {
		return api.Problems{{File: schemaFile, Message: fmt.Sprintf("cannot be converted: %v", err)}}
	}
	return crdProblems(validation.ValidateCustomResourceDefinition(unhurried(), &internal), k)
}

// crdProblems maps the errors, each once. What Kubernetes says about the sum of all costs says
// nothing new when it names single rules that cost too much.
func crdProblems(errs field.ErrorList, k *api.Kind) api.Problems {
	all := make([]string, len(errs))
	for i, e := range errs {
		all[i] = e.Detail
	}
	single := strings.Contains(strings.Join(all, "\n"), "cost exceeds budget")
	seen := map[string]bool{}
	var problems api.Problems
	for _, e := range errs {
		p := crdProblem(e, k)
		if seen[p.String()] || single && inTotal.MatchString(e.Detail) {
			continue
		}
		seen[p.String()] = true
		problems = append(problems, p)
	}
	problems.Sort()
	return problems
}

var (
	inSchema   = regexp.MustCompile(`^spec\.(?:versions\[0\]\.schema|validation)\.openAPIV3Schema\.?(.*)$`)
	inProperty = regexp.MustCompile(`(^|\.)properties\[([^\]]+)\]`)
	inColumn   = regexp.MustCompile(`^spec\.(?:versions\[0\]\.)?additionalPrinterColumns(.*)$`)
	inTotal    = regexp.MustCompile(`cost total (?:for entire|exceeding)`)
	inStatus   = regexp.MustCompile(`^properties\.status\.properties\.([^.\[]+)\.?(.*)$`)
)

// crdProblem says where in the package's documents an error of the definition comes from.
func crdProblem(e *field.Error, k *api.Kind) api.Problem {
	p := api.Problem{File: kindFile, Path: e.Field, Message: sentence(e)}
	if m := inColumn.FindStringSubmatch(e.Field); m != nil {
		p.Path = "columns" + m[1]
		return p
	}
	if m := inSchema.FindStringSubmatch(e.Field); m != nil {
		return schemaProblem(inProperty.ReplaceAllString(m[1], "${1}properties.$2"), p, k)
	}
	p.Path = strings.TrimPrefix(strings.TrimPrefix(e.Field, "spec."), "names.")
	if e.Field == "metadata.name" {
		p.Path = "plural"
	}
	return p
}

func schemaProblem(path string, p api.Problem, k *api.Kind) api.Problem {
	if m := inStatus.FindStringSubmatch(path); m != nil {
		for i, f := range k.Status {
			if f.Name == m[1] {
				p.Path = strings.TrimSuffix("status["+strconv.Itoa(i)+"].schema."+m[2], ".")
			}
		}
		return p
	}
	p.File = schemaFile
	p.Path = strings.TrimPrefix(strings.TrimPrefix(path, "properties.spec"), ".")
	return p
}

// checkColumns looks whether what a column shows exists. Paths with filters are not followed.
func checkColumns(k *api.Kind, root *apiextensionsv1.JSONSchemaProps) api.Problems {
	var problems api.Problems
	for i, c := range k.Columns {
		if strings.ContainsAny(c.JSONPath, "[*?@") || strings.HasPrefix(c.JSONPath, ".metadata") {
			continue
		}
		if message, hint := missing(root, strings.Split(strings.TrimPrefix(c.JSONPath, "."), ".")); message != "" {
			problems = append(problems, api.Problem{File: kindFile, Path: fmt.Sprintf("columns[%d].jsonPath", i), Message: message, Hint: hint})
		}
	}
	return problems
}

// missing says which field of a path the schema does not have; the message is empty if it has all.
func missing(n *apiextensionsv1.JSONSchemaProps, path []string) (message, hint string) {
	for i, name := range path {
		if len(n.Properties) == 0 {
			return "", ""
		}
		next, ok := n.Properties[name]
		if !ok {
			where := strings.Join(path[:i], ".")
			if where == "" {
				where = "the resource"
			}
			return fmt.Sprintf("%s has no field %q", where, name), suggest.Hint(name, sortedKeys(n.Properties))
		}
		n = &next
	}
	return "", ""
}
