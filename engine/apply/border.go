package apply

import (
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// border turns an error from outside into an error of this package; verb says what was tried.
// obj is the object as it was sent. An error that is one already passes unchanged.
func border(verb string, obj *unstructured.Unstructured, err error) error {
	if err == nil {
		return nil
	}
	if errors.As(err, new(*Error)) || errors.As(err, new(*ConflictError)) {
		return err
	}
	ref := RefOf(obj)
	if manager, fields, ok := fieldConflict(err); ok {
		return &ConflictError{Object: ref, Manager: manager, Fields: fields, Advice: "let one of the two leave these fields out"}
	}
	verdict := judge(err)
	if isSecret(ref) {
		err = redact(obj, verdict.Reason, err)
		verdict.Message = err.Error()
	}
	verdict.Message = advise(fmt.Sprintf("%s %s: %s", verb, ref, verdict.Message), verdict.Reason)
	return &Error{Verdict: verdict, Object: ref, Paths: causeFields(err), Err: err}
}

// advice says what would help, where the API server does not.
var advice = map[string]string{
	ReasonInvalid:       "correct the spec or the template",
	ReasonForbidden:     "grant the operator this right",
	ReasonQuotaExceeded: "raise the quota or ask for less",
	ReasonTooLarge:      "split the object",
}

// advise ends the text with the advice for the reason and keeps both within the limit.
func advise(text, reason string) string {
	hint, ok := advice[reason]
	if !ok {
		return limit(text)
	}
	return limitTo(text, api.MaxMessageLength-len("; ")-len(hint)) + "; " + hint
}

// causeFields are the fields that the API server blames.
func causeFields(err error) []string {
	status := apierrors.APIStatus(nil)
	if !errors.As(err, &status) || status.Status().Details == nil {
		return nil
	}
	var fields []string
	for _, cause := range status.Status().Details.Causes {
		if cause.Field != "" && cause.Field != "<nil>" {
			fields = append(fields, cause.Field)
		}
	}
	return fields
}

// refOf names the object in a manifest.
func refOf(object map[string]any) api.ObjectRef {
	return RefOf(&unstructured.Unstructured{Object: object})
}
