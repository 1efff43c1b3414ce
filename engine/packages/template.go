package packages

import (
	"errors"
	"path"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// isTemplate says whether a file below templates/ is one: YAML, or a partial.
func isTemplate(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml":
		return true
	case ".tpl":
		return isPartial(name)
	}
	return false
}

func isPartial(name string) bool { return strings.HasPrefix(path.Base(name), "_") }

// templateProblems puts the folder before the names in what the renderer reports.
func templateProblems(dir string, err error) api.Problems {
	var problems api.Problems
	if !errors.As(err, &problems) {
		return api.Problems{{File: strings.TrimSuffix(dir, "/"), Message: err.Error()}}
	}
	out := make(api.Problems, len(problems))
	for i, p := range problems {
		p.File = dir + p.File
		out[i] = p
	}
	return out
}
