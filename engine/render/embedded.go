package render

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// checkEmbedded refuses values that change the structure of a text within a scalar. n holds the
// text with tokens, s the text with values.
func (b *builder) checkEmbedded(n *yaml.Node, key, s string) error {
	body := strings.TrimSpace(n.Value)
	if tokenOnly.MatchString(body) {
		return nil // the value is the whole text
	}
	several := strings.Contains(body, "\n")
	if several || looksStructured(key, body) {
		switch b.compare(n.Value, s) {
		case unchanged:
			return nil
		case altered:
			return at(n, "a value would change the structure of the text in %q; print it with quote, toJson or toYaml: %s",
				b.run.named(key), b.suspects(n.Value))
		}
	}
	if several {
		return b.refuseLineBreaks(n)
	}
	return nil
}

func looksStructured(key, body string) bool {
	switch path.Ext(key) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[")
}

// verdict is what compare finds.
type verdict int

const (
	shapeless verdict = iota // the text is no YAML map or list
	unchanged                // the values are in their places and nothing else is different
	altered                  // the values change the structure, or might
)

// compare parses a text with tokens and with values.
func (b *builder) compare(withTokens, withValues string) verdict {
	want, err := b.run.values(withTokens)
	switch {
	case errors.As(err, new(*syntaxError)):
		return shapeless
	case err != nil && b.harmless(withTokens): // YAML with tags and the like, which decode refuses
		return unchanged
	case err != nil:
		return altered
	case !anyComposite(want):
		return shapeless
	}
	got, err := new(run).values(withValues)
	if err != nil || !reflect.DeepEqual(want, got) {
		return altered
	}
	return unchanged
}

// harmless says whether no value in a text could be anything but a plain word of YAML.
func (b *builder) harmless(text string) bool {
	for _, form := range tokenForm.FindAllString(text, -1) {
		if t := b.run.lookup(form); t != nil && !t.encoded && yamlScalar(t.value) != t.value {
			return false
		}
	}
	return true
}

func (r *run) values(text string) ([]any, error) {
	docs, err := r.decode(text)
	out := make([]any, len(docs))
	for i := range docs {
		out[i] = docs[i].value
	}
	return out, err
}

func anyComposite(docs []any) bool {
	for _, d := range docs {
		if composite(d) {
			return true
		}
	}
	return false
}

// refuseLineBreaks refuses values with line breaks amid a text of several lines.
func (b *builder) refuseLineBreaks(n *yaml.Node) error {
	for _, form := range tokenForm.FindAllString(n.Value, -1) {
		t := b.run.lookup(form)
		if t != nil && !t.encoded && !t.lines && strings.ContainsAny(t.value, "\n\r") {
			return at(n, "the value of %s (%s) has line breaks amid a text; print it with indent, quote or toJson", t.source, t.at)
		}
	}
	return nil
}

// suspects names the actions that print values as they are, which alone can change a structure.
func (b *builder) suspects(text string) string {
	var out []string
	for _, form := range tokenForm.FindAllString(text, -1) {
		if t := b.run.lookup(form); t != nil && !t.encoded {
			out = append(out, fmt.Sprintf("{{ %s }} at %s", t.source, t.at))
		}
	}
	return strings.Join(out, ", ")
}
