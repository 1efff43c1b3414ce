package apply

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	setKind  = schema.GroupKind{Group: "apps", Kind: "StatefulSet"}
	setsName = schema.GroupResource{Group: "apps", Resource: "statefulsets"}
)

func status(code int32, reason metav1.StatusReason, message string, causes ...metav1.StatusCause) error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{Code: code, Reason: reason, Message: message, Details: &metav1.StatusDetails{Causes: causes}}}
}

// known are errors as the API server and the network make them.
func known() []error {
	spec := field.NewPath("spec")
	return []error{
		apierrors.NewInvalid(setKind, "media", field.ErrorList{field.Invalid(spec.Child("replicas"), -1, "must be greater than or equal to 0")}),
		apierrors.NewInvalid(setKind, "media", field.ErrorList{field.Forbidden(spec, "updates to statefulset spec for fields other than 'replicas', 'template' are forbidden")}),
		apierrors.NewInvalid(setKind, "media", field.ErrorList{field.Invalid(spec.Child("selector"), "x", "field is immutable")}),
		apierrors.NewInvalid(setKind, "media", field.ErrorList{field.Invalid(field.NewPath("metadata", "uid"), "x", "field is immutable")}),
		status(422, metav1.StatusReasonInvalid, `statefulsets.apps "media" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`),
		apierrors.NewForbidden(setsName, "media", errors.New(`User "operator" cannot patch resource "statefulsets" in API group "apps"`)),
		apierrors.NewForbidden(schema.GroupResource{Resource: "pods"}, "media-0", errors.New("exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2")),
		status(403, metav1.StatusReasonForbidden, `configmaps "a" is forbidden: unable to create new content in namespace x because it is being terminated`, metav1.StatusCause{Type: "NamespaceTerminating"}),
		status(400, metav1.StatusReasonBadRequest, `admission webhook "policy.example.org" denied the request: no`),
		apierrors.NewBadRequest("strict decoding error: unknown field \"spec.prots\""),
		status(500, metav1.StatusReasonUnknown, "failed to create typed patch object (team-a/media; apps/v1, Kind=StatefulSet): .spec.prots: field not declared in schema"),
		status(500, metav1.StatusReasonUnknown, "failed to convert new object (team-a/media; apps/v1, Kind=StatefulSet) to proper version: unable to convert unstructured object to apps/v1, Kind=StatefulSet: quantities must match the regular expression"),
		apierrors.NewMethodNotSupported(setsName, "patch"),
		apierrors.NewRequestEntityTooLargeError("limit is 3145728"),
		apierrors.NewConflict(setsName, "media", errors.New("the object has been modified")),
		apierrors.NewApplyConflict([]metav1.StatusCause{{Type: metav1.CauseTypeFieldManagerConflict, Field: ".spec.replicas", Message: `conflict with "kubectl-scale" with subresource "scale"`}}, "Apply failed with 1 conflict"),
		apierrors.NewTooManyRequests("slow down", 7),
		apierrors.NewTimeoutError("took too long", 2),
		apierrors.NewServerTimeout(setsName, "patch", 1),
		apierrors.NewInternalError(errors.New("failed calling webhook")),
		apierrors.NewServiceUnavailable("etcd leader changed"),
		apierrors.NewUnauthorized("token expired"),
		apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, "x"),
		apierrors.NewNotFound(setsName, "media"),
		&meta.NoKindMatchError{GroupKind: schema.GroupKind{Group: "example.org", Kind: "Widget"}, SearchedVersions: []string{"v1"}},
		&meta.NoKindMatchError{GroupKind: schema.GroupKind{Kind: "Gadget"}, SearchedVersions: []string{"v1"}},
		&meta.NoResourceMatchError{PartialResource: schema.GroupVersionResource{Group: "example.org", Version: "v1", Resource: "widgets"}},
		&url.Error{Op: "Patch", URL: "https://10.0.0.1:443/api", Err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}},
		context.DeadlineExceeded,
		errors.New("something else"),
		errors.New(strings.Repeat("long ", 100)),
	}
}

// The golden file is what people read.
func TestVerdicts(t *testing.T) {
	obj := parse(t, statefulSet("media", "media", 1))
	var got strings.Builder
	for _, err := range known() {
		said := border("apply", obj, err)
		v := Classify(fmt.Errorf("run task: %w", said))
		fmt.Fprintf(&got, "%-9s %-20s %3.0fs  %s\n", v.Class, v.Reason, v.RetryAfter.Seconds(), v.Message)
		if n := len([]rune(v.Message)); n > api.MaxMessageLength {
			t.Errorf("a message of %d characters: %s", n, v.Message)
		}
		if !errors.Is(said, err) && v.Class != Conflict {
			t.Errorf("the cause is lost: %v", said)
		}
		if raw := Classify(err); v.Class != Conflict && (raw.Class != v.Class || raw.Reason != v.Reason) {
			t.Errorf("the bare error is judged otherwise: %v", raw)
		}
	}
	golden(t, "verdicts.txt", got.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); go test -update writes it anew\n%s", path, diff)
	}
}

func TestConflictErrorsNameTheOther(t *testing.T) {
	ref := api.ObjectRef{APIVersion: "v1", Kind: "Service", Name: "media"}
	for want, err := range map[string]*ConflictError{
		"Service/media exists already and belongs to Deployment/x; rename one of them":                       {Object: ref, Owner: "Deployment/x", Advice: "rename one of them"},
		"Service/media exists already and is not part of this instance; rename one of them":                  {Object: ref, Advice: "rename one of them"},
		`Service/media: spec.a, spec.b belong to the field manager "kubectl"; let one of the two leave them`: {Object: ref, Manager: "kubectl", Fields: []string{"spec.a", "spec.b"}, Advice: "let one of the two leave them"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestClassifyNothing(t *testing.T) {
	if v := Classify(nil); v != (Verdict{}) {
		t.Errorf("want no verdict, got %v", v)
	}
	for class, final := range map[Class]bool{Terminal: true, Conflict: true, Transient: false, Waiting: false} {
		if class.Final() != final {
			t.Errorf("%s: want final %v", class, final)
		}
	}
}

// A server that does not answer is a Transient error in time.
func TestAnUnreachableServer(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithTimeout(b.ctx, time.Nanosecond)
	defer cancel()
	_, err := b.live(ctx, b.blank("ConfigMap", "a"))
	wantVerdict(t, err, Transient, ReasonTimeout, "get ConfigMap/a")
}
