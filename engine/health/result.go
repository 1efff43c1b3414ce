package health

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Status is what an object's health comes to.
type Status string

// The statuses. Failed means that waiting does not help.
const (
	Healthy     Status = "Healthy"
	Progressing Status = "Progressing"
	Failed      Status = "Failed"
	Absent      Status = "Absent"
)

// Result is an object's health and the reason for it.
type Result struct {
	Status Status
	// Reason is one word in CamelCase.
	Reason string
	// Message is a sentence for a person that names the object; at most 200 bytes.
	Message string
}

func healthy(u *unstructured.Unstructured, format string, args ...any) Result {
	return result(u, Healthy, "Healthy", format, args...)
}

func progressing(u *unstructured.Unstructured, reason, format string, args ...any) Result {
	return result(u, Progressing, reason, format, args...)
}

func failed(u *unstructured.Unstructured, reason, format string, args ...any) Result {
	return result(u, Failed, reason, format, args...)
}

func result(u *unstructured.Unstructured, s Status, reason, format string, args ...any) Result {
	text := fmt.Sprintf("%s %s: %s", u.GetKind(), u.GetName(), fmt.Sprintf(format, args...))
	return Result{Status: s, Reason: reason, Message: shorten(text, api.MaxMessageLength)}
}

// shorten puts a text in one line of at most most bytes.
func shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= most {
		return s
	}
	cut := most - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimRight(s[:cut], " ") + "…"
}
