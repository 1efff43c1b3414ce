package schema

import (
	"fmt"
	"regexp"
	"strings"

	apiservercel "k8s.io/apiserver/pkg/cel"
)

// spreadImmutable moves x-immutable from the root to every property, so that spec.operation
// stays free to change.
func spreadImmutable(root map[string]any) {
	v, ok := root[KeyImmutable]
	if !ok {
		return
	}
	delete(root, KeyImmutable)
	props := child(root, "properties")
	for _, name := range sortedKeys(props) {
		p := child(props, name)
		if p == nil {
			continue
		}
		if _, own := p[KeyImmutable]; !own {
			p[KeyImmutable] = v
		}
	}
}

// readImmutable turns x-immutable into a transition rule. The rule lies on the nearest node that
// always exists, not on the property itself: a rule on an optional property is not asked when the
// property is added or removed.
func (s *spec) readImmutable(n map[string]any, at place) {
	v, ok := n[KeyImmutable]
	if !ok {
		return
	}
	delete(n, KeyImmutable)
	if v == false {
		return
	}
	path := join(at.doc, KeyImmutable)
	message, isText := v.(string)
	if !isText {
		message = immutableMessage(at)
	}
	rule, speakable := unchanged(at.rel)
	switch {
	case v != true && (!isText || strings.TrimSpace(message) == ""):
		s.problem(path, "must be true or the message that refuses a change", "")
	case at.junctor:
		s.problem(path, "has no effect under allOf, anyOf, oneOf and not", "put it on the property")
	case at.anchor == nil:
		s.problem(path, "cannot hold here: the items of the list have no key that tells them apart over time",
			"put it on the list, or give the list x-kubernetes-list-type: map")
	case !speakable:
		s.problem(path, "cannot hold here: an expression cannot speak this name", "use letters, digits and _ in names")
	default:
		addRule(at.anchor, map[string]any{
			"rule":      rule,
			"message":   message,
			"reason":    "FieldValueForbidden",
			"fieldPath": fieldPath(at.rel),
		})
	}
}

func immutableMessage(at place) string {
	name := "spec." + strings.Join(at.field, ".")
	if at.below {
		name = strings.Join(append([]string{"an entry of " + name}, at.rel...), ".")
	}
	return name + " cannot be changed after creation; restore the old value, or create another resource"
}

// unchanged returns an expression that is true when the field at a path below self is as it was,
// or absent as it was.
func unchanged(rel []string) (string, bool) {
	if len(rel) == 0 {
		return "self == oldSelf", true
	}
	var now, old []string
	path := ""
	for _, name := range rel {
		escaped, ok := apiservercel.Escape(name)
		if !ok {
			return "", false
		}
		path += "." + escaped
		now = append(now, "has(self"+path+")")
		old = append(old, "has(oldSelf"+path+")")
	}
	is, was := strings.Join(now, " && "), strings.Join(old, " && ")
	return fmt.Sprintf("%s ? %s && self%s == oldSelf%s : !(%s)", is, was, path, path, was), true
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// fieldPath returns the path in the form that validation rules take: ".a['b-c']".
func fieldPath(rel []string) string {
	var b strings.Builder
	for _, name := range rel {
		if plainName.MatchString(name) {
			b.WriteString("." + name)
			continue
		}
		fmt.Fprintf(&b, "['%s']", name)
	}
	return b.String()
}

// addRule appends a rule after those that the author wrote, whose indexes thereby stay true.
func addRule(n, rule map[string]any) {
	if rule["fieldPath"] == "" {
		delete(rule, "fieldPath")
	}
	rules, _ := n["x-kubernetes-validations"].([]any)
	n["x-kubernetes-validations"] = append(rules, rule)
}
