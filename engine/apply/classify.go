package apply

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// judge classifies what the API server or the way to it said.
func judge(err error) Verdict {
	if kind := (*meta.NoKindMatchError)(nil); errors.As(err, &kind) {
		return Verdict{Class: Terminal, Reason: ReasonUnknownKind, Message: fmt.Sprintf(
			"the cluster has no kind %s in %s; is its CRD installed?", kind.GroupKind.Kind, versions(kind))}
	}
	if meta.IsNoMatchError(err) {
		return Verdict{Class: Terminal, Reason: ReasonUnknownKind, Message: "the cluster does not know this kind; is its CRD installed? " + err.Error()}
	}
	if status := apierrors.APIStatus(nil); errors.As(err, &status) {
		return judgeStatus(err, status.Status())
	}
	return judgeTransport(err)
}

func versions(err *meta.NoKindMatchError) string {
	group := err.GroupKind.Group
	if len(err.SearchedVersions) == 0 {
		return group
	}
	version := strings.Join(err.SearchedVersions, ", ")
	if group == "" || strings.Contains(version, "/") {
		return version
	}
	return group + "/" + version
}

// judgeTransport classifies errors that kept a request from being answered.
func judgeTransport(err error) Verdict {
	network := net.Error(nil)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return Verdict{Class: Transient, Reason: ReasonTimeout, Message: "the API server did not answer in time: " + err.Error()}
	case errors.As(err, &network), errors.As(err, new(*url.Error)):
		return Verdict{Class: Transient, Reason: ReasonUnreachable, Message: "the API server cannot be reached: " + err.Error()}
	}
	return Verdict{Class: Transient, Reason: ReasonUnknown, Message: err.Error()}
}

// judgeStatus classifies an answer of the API server.
func judgeStatus(err error, status metav1.Status) Verdict {
	verdict := Verdict{Message: preamble.ReplaceAllString(status.Message, ""), RetryAfter: retryAfter(err)}
	switch code := int(status.Code); {
	case denied(status.Message):
		verdict.Class, verdict.Reason = Terminal, ReasonDenied
	case slices.Contains(causeFields(err), "metadata.uid"):
		verdict.Class, verdict.Reason, verdict.Message = Transient, ReasonStale, "the object was replaced by another of its name meanwhile; trying again"
	case immutable(err):
		verdict.Class, verdict.Reason = Terminal, ReasonImmutable
	case code == http.StatusUnprocessableEntity:
		verdict.Class, verdict.Reason = Terminal, ReasonInvalid
	case code == http.StatusForbidden:
		verdict.Class, verdict.Reason = Terminal, forbiddenReason(err, status.Message)
	case code == http.StatusBadRequest, misshapen.MatchString(status.Message):
		verdict.Class, verdict.Reason = Terminal, ReasonInvalid
	case code == http.StatusRequestEntityTooLarge:
		verdict.Class, verdict.Reason = Terminal, ReasonTooLarge
	case code == http.StatusMethodNotAllowed, code == http.StatusNotAcceptable, code == http.StatusUnsupportedMediaType:
		verdict.Class, verdict.Reason = Terminal, ReasonRefused
	default:
		verdict.Class, verdict.Reason = Transient, passingReason(status)
	}
	return verdict
}

// misshapen is how server-side apply says, with status 500, that a manifest does not fit its kind.
// preamble is what the API server says before it comes to the point.
var (
	misshapen = regexp.MustCompile(`^failed to create typed patch object|unable to convert unstructured object to`)
	preamble  = regexp.MustCompile(`^\S+ "[^"]*" is invalid: |^failed to create typed patch object \([^)]*\): ` +
		`|^failed to convert new object \([^)]*\) to proper version: unable to convert unstructured object to \S+ Kind=[^:]+: `)
)

// denied says whether an admission webhook or policy refused the request.
func denied(message string) bool {
	return strings.Contains(message, "denied the request") || strings.Contains(message, "denied request")
}

func forbiddenReason(err error, message string) string {
	switch {
	case apierrors.HasStatusCause(err, "NamespaceTerminating"), strings.Contains(message, "being terminated"):
		return ReasonNamespaceTerminating
	case strings.Contains(message, "exceeded quota"):
		return ReasonQuotaExceeded
	}
	return ReasonForbidden
}

// passingReason names what may pass by itself.
func passingReason(status metav1.Status) string {
	switch code := int(status.Code); {
	case code == http.StatusConflict:
		return ReasonStale
	case code == http.StatusTooManyRequests:
		return ReasonThrottled
	case code == http.StatusUnauthorized:
		return ReasonUnauthorized
	case code == http.StatusNotFound && status.Details != nil && status.Details.Kind == "namespaces":
		return ReasonNamespaceNotFound
	case code == http.StatusNotFound:
		return ReasonNotFound
	case code == http.StatusGatewayTimeout, status.Reason == metav1.StatusReasonTimeout, status.Reason == metav1.StatusReasonServerTimeout:
		return ReasonTimeout
	case code >= http.StatusInternalServerError:
		return ReasonServerError
	}
	return ReasonUnknown
}

// retryAfter is how long the API server asks to wait.
func retryAfter(err error) time.Duration {
	if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
		return time.Duration(seconds) * time.Second
	}
	return 0
}

// immutableText is how the built-in kinds say that a field never changes.
var immutableText = regexp.MustCompile(`immutable|may not (be changed|change) once set|updates to .*(are )?forbidden|orbidden: updates to|cannot change roleRef`)

// immutable says whether the API server refused to change a field that never changes.
func immutable(err error) bool {
	return apierrors.IsInvalid(err) && immutableText.MatchString(err.Error())
}

// fieldConflict returns the field managers in the way of a server-side apply, and their fields.
func fieldConflict(err error) (manager string, fields []string, ok bool) {
	status := apierrors.APIStatus(nil)
	if !errors.As(err, &status) || status.Status().Details == nil {
		return "", nil, false
	}
	for _, cause := range status.Status().Details.Causes {
		if cause.Type != metav1.CauseTypeFieldManagerConflict {
			continue
		}
		fields = append(fields, strings.TrimPrefix(cause.Field, "."))
		if manager == "" {
			manager = managerOf(cause.Message)
		}
	}
	return manager, fields, len(fields) > 0
}

var quoted = regexp.MustCompile(`"([^"]*)"`)

// managerOf reads the manager's name from: conflict with "NAME" using apps/v1.
func managerOf(message string) string {
	if m := quoted.FindStringSubmatch(message); m != nil {
		return m[1]
	}
	return "another manager"
}
