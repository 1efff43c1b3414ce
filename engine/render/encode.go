package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// quote prints values as strings; it is a string scalar wherever a scalar may stand.
func (r *run) quote(args ...any) (any, error) { return r.quoted(doubleQuoted, args) }

// squote is quote with single quotes where the value is a part of a text.
func (r *run) squote(args ...any) (any, error) { return r.quoted(singleQuoted, args) }

func (r *run) quoted(enc func(string) string, args []any) (any, error) {
	var texts []string
	var only string
	for _, a := range args {
		if a == nil {
			continue
		}
		s, err := format(a)
		if err != nil {
			return nil, err
		}
		only = s
		texts = append(texts, enc(s))
	}
	if len(texts) == 1 {
		return r.scalar(token{value: only, text: texts[0], encoded: true})
	}
	return strings.Join(texts, " "), nil
}

// toYaml prints any value as YAML, without a line break at its end.
func (r *run) toYaml(v any) (any, error) {
	tree, err := r.tokenised(v, func(s string) token {
		return token{value: s, text: yamlScalar(s), encoded: true}
	})
	if err != nil {
		return nil, fmt.Errorf("toYaml: %w", err)
	}
	out, err := yaml.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("toYaml: %w", err)
	}
	return r.fragment(strings.TrimSuffix(string(out), "\n")), nil
}

// toJson prints any value as JSON in one line.
func (r *run) toJson(v any) (any, error) { return r.json(v, "") }

// toPrettyJson prints any value as indented JSON.
func (r *run) toPrettyJson(v any) (any, error) { return r.json(v, "  ") }

func (r *run) json(v any, indent string) (any, error) {
	tree, err := r.tokenised(v, func(s string) token {
		q := doubleQuoted(s)
		return token{value: s, text: q[1 : len(q)-1], encoded: true, inString: true}
	})
	if err != nil {
		return nil, fmt.Errorf("toJson: %w", err)
	}
	out, err := json.MarshalIndent(tree, "", indent)
	if indent == "" {
		out, err = json.Marshal(tree)
	}
	if err != nil {
		return nil, fmt.Errorf("toJson: %w", err)
	}
	return r.fragment(string(out)), nil
}

// tokenised copies a value as plain JSON data with a token in place of each string and key.
func (r *run) tokenised(v any, enc func(string) token) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	if err := r.charge(1 + len(data)/bytesPerStep); err != nil {
		return nil, err
	}
	var tree any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	return r.swap(tree, enc)
}

func (r *run) swap(v any, enc func(string) token) (any, error) {
	switch v := v.(type) {
	case string:
		return r.mint(enc(v))
	case []any:
		for i := range v {
			e, err := r.swap(v[i], enc)
			if err != nil {
				return nil, err
			}
			v[i] = e
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) { // tokens sort as they are minted
			key, err := r.mint(enc(k))
			if err != nil {
				return nil, err
			}
			if out[key], err = r.swap(v[k], enc); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

var (
	plainScalar = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*$`)
	notString   = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n|null|nan|inf)$`)
)

// yamlScalar writes a string as a scalar that every YAML parser reads as that string.
func yamlScalar(s string) string {
	if plainScalar.MatchString(s) && !notString.MatchString(s) {
		return s
	}
	return doubleQuoted(s)
}

// doubleQuoted writes a string in the form that JSON and YAML share.
func doubleQuoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string always encodes
		return `""`
	}
	var out strings.Builder
	for _, c := range strings.TrimSuffix(b.String(), "\n") {
		if c >= 0x7f && c <= 0x9f || c == 0xfeff || c == 0xfffe || c == 0xffff {
			fmt.Fprintf(&out, `\u%04x`, c)
			continue
		}
		out.WriteRune(c)
	}
	return out.String()
}

func singleQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
