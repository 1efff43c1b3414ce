package render

import (
	"encoding/json"
	"strings"
)

// fragment is text with structure: the result of include, toYaml, toJson, quote and indent. Its
// text holds tokens. A nil fragment is empty and, like an empty string, false in conditions.
type fragment struct {
	text string
	run  *run
}

// String returns the text with the true values: what functions other than indent and trim see.
func (f *fragment) String() string {
	if f == nil {
		return ""
	}
	return f.run.plain(f.text)
}

// MarshalJSON makes a fragment within a map or list one string.
func (f *fragment) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// fragment wraps text so that it is false in a condition exactly when a user would call it empty.
func (r *run) fragment(text string) any {
	if text == "" {
		return (*fragment)(nil)
	}
	if r.plain(text) == "" {
		return ""
	}
	return &fragment{text: text, run: r}
}

// scalar makes a fragment of one token.
func (r *run) scalar(t token) (any, error) {
	form, err := r.mint(t)
	if err != nil {
		return nil, err
	}
	return &fragment{text: form, run: r}, nil
}

// indent prefixes every line with n spaces.
func (r *run) indent(n int, v any) (any, error) {
	pad, err := spaces(n)
	if err != nil {
		return nil, err
	}
	text, err := r.lines(v)
	if err != nil || text == "" {
		return (*fragment)(nil), err
	}
	return r.fragment(pad + strings.ReplaceAll(text, "\n", "\n"+pad)), nil
}

// nindent is indent after a line break.
func (r *run) nindent(n int, v any) (any, error) {
	pad, err := spaces(n)
	if err != nil {
		return nil, err
	}
	text, err := r.lines(v)
	if err != nil {
		return nil, err
	}
	return &fragment{text: "\n" + pad + strings.ReplaceAll(text, "\n", "\n"+pad), run: r}, nil
}

// lines returns a fragment's text, or one token for a value.
func (r *run) lines(v any) (string, error) {
	if f, ok := v.(*fragment); ok {
		if f == nil {
			return "", nil
		}
		return f.text, nil
	}
	s, err := format(v)
	if err != nil {
		return "", err
	}
	t := raw(s)
	t.lines = true
	return r.mint(t)
}

// trim removes white space around a string or a fragment.
func (r *run) trim(v any) (any, error) {
	if f, ok := v.(*fragment); ok {
		if f == nil {
			return f, nil
		}
		return r.fragment(strings.TrimSpace(f.text)), nil
	}
	s, err := format(v)
	return strings.TrimSpace(s), err
}

// trimPrefix and trimSuffix keep a fragment's structure when they remove white space.
func (r *run) trimPrefix(prefix string, v any) (any, error) {
	return r.cut(prefix, v, strings.TrimPrefix)
}

func (r *run) trimSuffix(suffix string, v any) (any, error) {
	return r.cut(suffix, v, strings.TrimSuffix)
}

func (r *run) cut(what string, v any, f func(s, what string) string) (any, error) {
	if fr, ok := v.(*fragment); ok && fr != nil && strings.TrimSpace(what) == "" {
		return r.fragment(f(fr.text, what)), nil
	}
	s, err := format(v)
	return f(s, what), err
}
