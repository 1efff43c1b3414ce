package plan

import (
	"time"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// checkStrategy checks a strategy, which may be omitted.
func (c *compiler) checkStrategy(path string, s api.Strategy) {
	switch s {
	case "", api.Serial, api.Parallel:
		return
	}
	hint := or(suggest.Hint(string(s), []string{string(api.Serial), string(api.Parallel)}), `use "serial" or "parallel"`)
	c.problem(path, hint, "%q is no strategy", s)
}

// checkName checks that a name can be part of labels and object names.
func (c *compiler) checkName(path, what, name string) {
	if name == "" {
		c.problem(path, "", "the %s has no name", what)
		return
	}
	if len(validation.IsDNS1123Label(name)) > 0 {
		hint := "use at most 63 lower case letters, digits and '-', with a letter or digit at both ends"
		c.problem(path, hint, "%q is no name for a %s", name, what)
	}
}

// checkUnique checks that a name was not used before among its siblings.
func (c *compiler) checkUnique(path, what, name string, i int, seen map[string]int) {
	if name == "" {
		return
	}
	if first, taken := seen[name]; taken {
		c.problem(path, "", "%s %q is already number %d of the list", what, name, first+1)
		return
	}
	seen[name] = i
}

// checkDuration checks that a duration is not negative.
func (c *compiler) checkDuration(path string, d time.Duration) {
	if d < 0 {
		c.problem(path, "", "%s is negative", d)
	}
}
