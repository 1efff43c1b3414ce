package apply

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Class says what a caller can do about an error.
type Class string

// The classes of errors.
const (
	// Terminal errors stay until somebody changes the package, the spec or a right.
	Terminal Class = "Terminal"
	// Conflict errors are terminal as well: an object or a field belongs to somebody else.
	Conflict Class = "Conflict"
	// Transient errors may pass by themselves: try again, with backoff.
	Transient Class = "Transient"
	// Waiting is no failure: what must happen first is under way, and an event will tell.
	Waiting Class = "Waiting"
)

// Final says whether repeating the call can't help.
func (c Class) Final() bool { return c == Terminal || c == Conflict }

// The reasons of verdicts: words for conditions and events.
const (
	ReasonInvalid              = "Invalid"
	ReasonImmutable            = "ImmutableField"
	ReasonForbidden            = "Forbidden"
	ReasonQuotaExceeded        = "QuotaExceeded"
	ReasonNamespaceTerminating = "NamespaceTerminating"
	ReasonNamespaceNotFound    = "NamespaceNotFound"
	ReasonForeignNamespace     = "ForeignNamespace"
	ReasonClusterScoped        = "ClusterScoped"
	ReasonUnknownKind          = "UnknownKind"
	ReasonDenied               = "Denied"
	ReasonRefused              = "Refused"
	ReasonTooLarge             = "TooLarge"
	ReasonForeignObject        = "ForeignObject"
	ReasonFieldConflict        = "FieldConflict"
	ReasonStale                = "Stale"
	ReasonThrottled            = "Throttled"
	ReasonTimeout              = "Timeout"
	ReasonUnauthorized         = "Unauthorized"
	ReasonServerError          = "ServerError"
	ReasonUnreachable          = "Unreachable"
	ReasonUnknown              = "UnknownError"
	ReasonNotFound             = "NotFound"
	ReasonTerminating          = "Terminating"
	ReasonRecreating           = "Recreating"
)

// Verdict is an error said for a person and a machine.
type Verdict struct {
	Class Class
	// Reason is a CamelCase word.
	Reason string
	// Message is a sentence of at most api.MaxMessageLength characters without any Secret's value.
	Message string
	// RetryAfter is how long the API server asks to wait; 0 when it does not say.
	RetryAfter time.Duration
}

// Error is an error of this package about one object.
type Error struct {
	Verdict
	// Object is what the error is about.
	Object api.ObjectRef
	// Paths are the fields that are at fault, when known.
	Paths []string
	// Err is what the API server said; of a Secret, without its text.
	Err error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ConflictError says that an object or some of its fields belong to somebody else.
type ConflictError struct {
	// Object is the object in question.
	Object api.ObjectRef
	// Owner is who the object belongs to, as kind/name; empty when nobody controls it.
	Owner string
	// Manager is the field manager whose Fields are in the way, when fields are the matter.
	Manager string
	// Fields are paths.
	Fields []string
	// Advice says what would help.
	Advice string
}

// Error says whose the object or the fields are and what would help.
func (e *ConflictError) Error() string {
	switch {
	case e.Manager != "":
		return limit(fmt.Sprintf("%s: %s belong to the field manager %q; %s", e.Object, strings.Join(e.Fields, ", "), e.Manager, e.Advice))
	case e.Owner != "":
		return limit(fmt.Sprintf("%s exists already and belongs to %s; %s", e.Object, e.Owner, e.Advice))
	}
	return limit(fmt.Sprintf("%s exists already and is not part of this instance; %s", e.Object, e.Advice))
}

func (e *ConflictError) verdict() Verdict {
	reason := ReasonForeignObject
	if e.Manager != "" {
		reason = ReasonFieldConflict
	}
	return Verdict{Class: Conflict, Reason: reason, Message: e.Error()}
}

// Classify judges any error of this package or of the API server; errors that it does not know are
// Transient. The verdict on nil is empty.
func Classify(err error) Verdict {
	if err == nil {
		return Verdict{}
	}
	if conflict := (*ConflictError)(nil); errors.As(err, &conflict) {
		return conflict.verdict()
	}
	if known := (*Error)(nil); errors.As(err, &known) {
		return known.Verdict
	}
	verdict := judge(err)
	verdict.Message = limit(verdict.Message)
	return verdict
}

// refuse returns an error that the engine itself raises about an object. what continues a
// sentence that begins with the object.
func refuse(class Class, reason string, ref api.ObjectRef, what string) *Error {
	return &Error{
		Verdict: Verdict{Class: class, Reason: reason, Message: limit(ref.String() + " " + what)},
		Object:  ref,
	}
}

// limit cuts a text to the greatest length of a message.
func limit(text string) string { return limitTo(text, api.MaxMessageLength) }

// limitTo makes a text one line of at most so many characters.
func limitTo(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
