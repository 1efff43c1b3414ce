package render

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A token stands for a string while YAML is parsed. Its form has letters that no YAML number,
// boolean or null has, and nothing that means anything to YAML.
const (
	tokenPrefix = "zqv"
	tokenSuffix = "vqz"
)

var (
	tokenForm = regexp.MustCompile(tokenPrefix + `[0-9]{7}` + tokenSuffix)
	tokenOnly = regexp.MustCompile(`^` + tokenPrefix + `[0-9]{7}` + tokenSuffix + `$`)
)

// token is one printed string.
type token struct {
	// value is the string; it counts where the token is a YAML scalar.
	value string
	// text is how the string is written where the token is a part of a text: the value itself, or
	// encoded when quote, toJson or toYaml printed it.
	text string
	// encoded marks a text that is written so that it is one scalar of YAML or JSON.
	encoded bool
	// inString marks the inside of a JSON string.
	inString bool
	// lines allows line breaks amid a text.
	lines bool
	// at and source name the action that printed the string.
	at, source string
}

func raw(s string) token { return token{value: s, text: s} }

// mint records a token and returns its form.
func (r *run) mint(t token) (string, error) {
	if err := r.charge(1 + len(t.text)/bytesPerStep); err != nil {
		return "", err
	}
	if r.bytes += len(t.text); r.bytes > maxOutput {
		return "", errTooLarge
	}
	r.tokens = append(r.tokens, t)
	return tokenName(len(r.tokens) - 1), nil
}

func tokenName(i int) string { return fmt.Sprintf("%s%07d%s", tokenPrefix, i, tokenSuffix) }

// lookup returns the token of a form, or nil for a form that was never minted.
func (r *run) lookup(form string) *token {
	i, err := strconv.Atoi(form[len(tokenPrefix) : len(form)-len(tokenSuffix)])
	if err != nil || i >= len(r.tokens) {
		return nil
	}
	return &r.tokens[i]
}

// replace writes f of each token in the place of its form. What only looks like one stays.
func (r *run) replace(s string, f func(t *token, before string) string) string {
	var b strings.Builder
	last := 0
	for _, m := range tokenForm.FindAllStringIndex(s, -1) {
		b.WriteString(s[last:m[0]])
		if t := r.lookup(s[m[0]:m[1]]); t != nil {
			b.WriteString(f(t, s[:m[0]]))
		} else {
			b.WriteString(s[m[0]:m[1]])
		}
		last = m[1]
	}
	b.WriteString(s[last:])
	return b.String()
}

// plain returns a text with every token as it is written in a text.
func (r *run) plain(s string) string {
	return r.replace(s, func(t *token, before string) string {
		if !t.lines {
			return t.text
		}
		return strings.ReplaceAll(t.text, "\n", "\n"+margin(before))
	})
}

// inQuotes is plain for the inside of a double-quoted scalar, where toJson's own quotes stood.
func (r *run) inQuotes(s string) string {
	return r.replace(s, func(t *token, _ string) string {
		if t.inString {
			return t.value
		}
		return t.text
	})
}

// named returns a text with the source of each token in place of its value: for messages, which
// must never show values.
func (r *run) named(s string) string {
	return r.replace(s, func(t *token, _ string) string { return "{{ " + t.source + " }}" })
}

// margin returns the white space before a token that stands first in its line, or "".
func margin(before string) string {
	line := before[strings.LastIndexByte(before, '\n')+1:]
	if strings.TrimLeft(line, " ") != "" {
		return ""
	}
	return line
}
