package schema

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// inBody is how the OpenAPI validator begins its messages; the path is said elsewhere.
var inBody = regexp.MustCompile(`^\S* ?in body (?:should|must) `)

// celError is how the CEL compiler begins its messages.
var celError = regexp.MustCompile(`compilation failed: ERROR: <input>:1:(\d+): `)

var ofType = regexp.MustCompile(`^\S* ?in body must be of type ([a-z,]+): "?([a-z]+)"?`)

// sentence says what a Kubernetes field error says, without repeating path and value.
func sentence(e *field.Error) string {
	switch e.Type {
	case field.ErrorTypeRequired:
		if e.Detail == "" {
			return "is required"
		}
		return e.Detail
	case field.ErrorTypeNotSupported:
		return fmt.Sprintf("%v is not supported; %s", quoted(e.BadValue), strings.Replace(e.Detail, "supported values:", "use one of", 1))
	case field.ErrorTypeDuplicate:
		return fmt.Sprintf("%v is stated twice", quoted(e.BadValue))
	case field.ErrorTypeTooLong, field.ErrorTypeTooMany:
		return strings.TrimSpace(e.Detail)
	}
	if m := ofType.FindStringSubmatch(e.Detail); m != nil {
		return fmt.Sprintf("must be of type %s, not %s", m[1], m[2])
	}
	if e.Detail == "" {
		return e.ErrorBody()
	}
	detail := inBody.ReplaceAllString(e.Detail, "must ")
	detail = celError.ReplaceAllString(detail, "the rule does not compile: column $1: ")
	detail, _, _ = strings.Cut(detail, " (e.g. ")
	return oneLine(detail)
}

func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// oneLine keeps a message on one line: compilers draw carets below what they quote.
func oneLine(s string) string {
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	for _, l := range lines {
		if t := strings.TrimSpace(l); t != "" && !strings.HasPrefix(t, "|") {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, "; ")
}
