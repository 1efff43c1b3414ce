package packages

import (
	"fmt"
	"slices"
	"strings"
)

// checkKinds looks for names that two kinds share.
func (l *loader) checkKinds() {
	owner := map[string]string{}
	for _, k := range l.kinds {
		if k.name == nil {
			continue
		}
		l.claim(k, owner, "kind", "kind", k.Names.Kind)
		l.claim(k, owner, "plural", "name", k.Names.Plural)
		l.claim(k, owner, "singular", "name", k.Names.Singular)
		for i, short := range k.Names.ShortNames {
			l.claim(k, owner, item("shortNames", i), "name", short)
		}
	}
}

// claim takes a name for a kind, or reports who has it already.
func (l *loader) claim(k *kind, owner map[string]string, path, what, name string) {
	if name == "" {
		return
	}
	key := what + " " + name
	if other, taken := owner[key]; taken && (other != k.folder || strings.HasPrefix(path, "shortNames")) {
		l.add(k.name, path, fmt.Sprintf("%q is taken by %s/%s", name, other, kindFile), "choose another name")
		return
	}
	owner[key] = k.folder
}

// checkKind looks for names that a kind states twice and for expressions that do not compile.
func (l *loader) checkKind(k *kind) {
	if k.name == nil {
		return
	}
	columns := map[string]int{}
	for i, c := range k.Columns {
		l.unique(k.name, item("columns", i)+".name", "column", strings.ToLower(c.Name), columns)
	}
	endpoints := map[string]int{}
	for i, e := range k.Endpoints {
		at := item("endpoints", i)
		l.unique(k.name, at+".name", "endpoint", e.Name, endpoints)
		if e.Login == nil {
			continue
		}
		l.expression(k.name, at+".login.token", e.Login.Token, text, "body")
		l.expression(k.name, at+".login.expiresIn", e.Login.ExpiresIn, text, "body")
		if e.Scheme == "tcp" {
			l.add(k.name, at+".login", "a tcp endpoint cannot log in", "remove login, or use scheme http")
		}
	}
	for i, f := range k.Status {
		l.expression(k.name, item("status", i)+".value", f.Value, anything, statusVars...)
	}
	l.checkConditions(k)
}

// engineConditions are those that every kind has.
var engineConditions = []string{"Ready", "Reconciling", "Stalled"}

var statusVars = []string{"self", "objects", "outputs"}

func (l *loader) checkConditions(k *kind) {
	types := map[string]int{}
	for i, c := range k.Conditions {
		at := item("conditions", i)
		l.unique(k.name, at+".type", "condition", c.Type, types)
		if slices.Contains(engineConditions, c.Type) {
			l.add(k.name, at+".type", fmt.Sprintf("condition %s belongs to the engine", c.Type), "choose another type")
		}
		l.expression(k.name, at+".when", c.When, yesOrNo, statusVars...)
		l.expression(k.name, at+".true.message", c.True.Message, text, statusVars...)
		l.expression(k.name, at+".false.message", c.False.Message, text, statusVars...)
	}
}

// unique reports a name that its siblings have used before.
func (l *loader) unique(d *document, path, what, name string, seen map[string]int) {
	if line, twice := seen[name]; twice {
		l.add(d, path, fmt.Sprintf("%s %q is stated twice, first on line %d", what, name, line), "remove or rename one")
		return
	}
	seen[name] = d.at(path).line
}
