package render

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds the nodes of one render, so that aliases cannot multiply without end.
const maxNodes = 100_000

// document is one YAML document as JSON-like data; number counts from 1.
type document struct {
	number, line int
	value        any
}

// decode parses text with tokens and puts the values in. Empty documents are left out.
func (r *run) decode(text string) ([]document, error) {
	b := &builder{run: r}
	d := yaml.NewDecoder(strings.NewReader(text))
	var out []document
	for number := 1; ; number++ {
		var n yaml.Node
		err := d.Decode(&n)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, &syntaxError{fmt.Sprintf("document %d is not valid YAML: %s", number, r.syntax(err, text))}
		}
		v, err := b.build(&n, "")
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", number, err)
		}
		if v != nil {
			out = append(out, document{number: number, line: n.Line, value: v})
		}
	}
}

// syntaxError says that a text is no YAML at all.
type syntaxError struct{ message string }

func (e *syntaxError) Error() string { return e.message }

// builder turns YAML nodes into JSON-like data.
type builder struct {
	run   *run
	nodes int
}

// build returns the data of a node; key is the mapping key that it stands under.
func (b *builder) build(n *yaml.Node, key string) (any, error) {
	if b.nodes++; b.nodes > maxNodes {
		return nil, at(n, "there are more than %d values", maxNodes)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return b.build(n.Content[0], key)
	case yaml.AliasNode:
		return b.build(n.Alias, key)
	case yaml.MappingNode:
		return b.mapping(n)
	case yaml.SequenceNode:
		return b.sequence(n, key)
	case yaml.ScalarNode:
		return b.scalar(n, key)
	}
	return nil, nil
}

func (b *builder) mapping(n *yaml.Node) (any, error) {
	if n.ShortTag() != "!!map" {
		return nil, at(n, "the tag %s is not allowed", b.run.named(n.Tag))
	}
	out := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode || k.ShortTag() == "!!merge" || k.ShortTag() == "!!null" {
			return nil, at(k, "a key must be a string")
		}
		name := b.substitute(k)
		if _, double := out[name]; double {
			return nil, at(k, "the key %q is there twice", b.run.named(k.Value))
		}
		v, err := b.build(n.Content[i+1], name)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}

func (b *builder) sequence(n *yaml.Node, key string) (any, error) {
	if n.ShortTag() != "!!seq" {
		return nil, at(n, "the tag %s is not allowed", b.run.named(n.Tag))
	}
	out := make([]any, 0, len(n.Content))
	for _, c := range n.Content {
		v, err := b.build(c, key)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (b *builder) scalar(n *yaml.Node, key string) (any, error) {
	if tokenForm.MatchString(n.Value) && (n.ShortTag() == "!!str" || n.Tag == "") {
		s := b.substitute(n)
		return s, b.checkEmbedded(n, key, s)
	}
	return typed(n)
}

// substitute puts the values into a scalar.
func (b *builder) substitute(n *yaml.Node) string {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return b.run.inQuotes(n.Value)
	case plainStyle(n) && tokenOnly.MatchString(n.Value):
		if t := b.run.lookup(n.Value); t != nil {
			return t.value
		}
	}
	return b.run.plain(n.Value)
}

func plainStyle(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// typed returns the data of a scalar without tokens.
func typed(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!str", "!!timestamp":
		return n.Value, nil
	case "!!bool":
		return as[bool](n)
	case "!!int":
		return as[int64](n)
	case "!!float":
		return finite(n)
	}
	return nil, at(n, "the tag %s is not allowed", n.ShortTag())
}

func as[T any](n *yaml.Node) (any, error) {
	var v T
	if err := n.Decode(&v); err != nil {
		return nil, at(n, "%q is not a %T", n.Value, v)
	}
	return v, nil
}

func finite(n *yaml.Node) (any, error) {
	var v float64
	if err := n.Decode(&v); err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, at(n, "%q is not a finite number", n.Value)
	}
	return v, nil
}

func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("line %d of the rendered text: %s", n.Line, fmt.Sprintf(format, args...))
}

// syntax names the line that the YAML parser could not read, without showing values.
func (r *run) syntax(err error, text string) string {
	msg := strings.TrimPrefix(r.named(err.Error()), "yaml: ")
	var line int
	if _, scan := fmt.Sscanf(msg, "line %d:", &line); scan != nil {
		return msg
	}
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return msg
	}
	return fmt.Sprintf("%s, at or before %q", msg, strings.TrimSpace(r.named(lines[line-1])))
}
