package apply

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sort"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// redact returns the error about a Secret with its status code, but without any text that could echo a
// value: only the paths of the fields at fault stay.
func redact(secret *unstructured.Unstructured, reason string, err error) error {
	status := apierrors.APIStatus(nil)
	if !errors.As(err, &status) {
		if isTransport(err) {
			return err
		}
		return errors.New("failed; the details are withheld because they may hold the Secret's values")
	}
	old := status.Status()
	safe := metav1.Status{Status: old.Status, Reason: old.Reason, Code: old.Code, Details: redactDetails(old.Details)}
	safe.Message = redactText(secret, old, reason, causeFields(err))
	return &apierrors.StatusError{ErrStatus: safe}
}

func redactDetails(details *metav1.StatusDetails) *metav1.StatusDetails {
	if details == nil {
		return nil
	}
	out := details.DeepCopy()
	for i := range out.Causes {
		out.Causes[i].Message = ""
	}
	return out
}

// redactText keeps of the API server's sentence what rules and rights say, and else the paths.
func redactText(secret *unstructured.Unstructured, status metav1.Status, reason string, fields []string) string {
	if status.Code == http.StatusForbidden && !denied(status.Message) {
		return status.Message // speaks of rights, quotas and namespaces
	}
	if len(fields) == 0 {
		fields = mentioned(secret, status.Message)
	}
	text := "the API server refused the Secret (" + reason + ")"
	if len(fields) > 0 {
		text += " because of " + strings.Join(fields, ", ")
	}
	return text
}

// mentioned lists the keys of the Secret that a text names.
func mentioned(secret *unstructured.Unstructured, text string) []string {
	data, _ := mapField(secret.Object, "data")
	var paths []string
	for key := range data {
		if strings.Contains(text, "data."+key) || strings.Contains(text, "data["+key+"]") {
			paths = append(paths, "data."+key)
		}
	}
	sort.Strings(paths)
	return paths
}

// isTransport says whether the error tells of the way to the API server or of its kinds, not of an
// object's content.
func isTransport(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || meta.IsNoMatchError(err) ||
		errors.As(err, new(net.Error)) || errors.As(err, new(*url.Error))
}
