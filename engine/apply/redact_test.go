package apply

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const hunter = "hunter2-secret"

// silent fails when any form of the error holds the value.
func silent(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, hunter) {
			t.Errorf("the value is in the error: %s", text)
		}
		if status := apierrors.APIStatus(nil); errors.As(e, &status) && strings.Contains(fmt.Sprintf("%+v", status.Status()), hunter) {
			t.Errorf("the value is in the status: %+v", status.Status())
		}
	}
	if strings.Contains(Classify(err).Message, hunter) {
		t.Errorf("the value is in the message: %s", Classify(err).Message)
	}
}

// What the API server itself says about bad Secrets.
func TestErrorsHoldNoSecretOnAServer(t *testing.T) {
	b := newBench(t)
	b.apply("{apiVersion: v1, kind: Secret, metadata: {name: fixed}, immutable: true, stringData: {password: x}}", Options{})
	b.apply("{apiVersion: v1, kind: Secret, metadata: {name: typed}, type: Opaque}", Options{})
	for _, c := range []struct{ text, reason, word string }{
		{"{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {password: '" + hunter + "'}}", ReasonInvalid, "Secret/a"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {password: {x: '" + hunter + "'}}}", ReasonInvalid, "data.password"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {'a b': '" + hunter + "'}}", ReasonInvalid, "data[a b]"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/dockerconfigjson, stringData: {.dockerconfigjson: '" + hunter + "'}}", ReasonInvalid, "dockerconfigjson"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: fixed}, immutable: true, stringData: {password: '" + hunter + "'}}", ReasonImmutable, "data"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: typed}, type: '" + hunter + "'}", ReasonImmutable, "type"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: a}, oops: '" + hunter + "'}", ReasonInvalid, "Secret/a"},
	} {
		_, _, err := b.Apply(b.ctx, b.owner, firstRun, parse(t, c.text), Options{})
		wantVerdict(t, err, Terminal, c.reason, c.word)
		silent(t, err)
		if _, _, err := b.Create(b.ctx, b.owner, firstRun, parse(t, c.text), false); err != nil {
			wantVerdict(t, err, Terminal, ReasonInvalid)
			silent(t, err)
		}
	}
}

func TestRedactKeepsWhatHelps(t *testing.T) {
	secret := parse(t, "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {password: x, user: y}}")
	status := func(code int32, message string) error {
		return &apierrors.StatusError{ErrStatus: metav1.Status{Code: code, Reason: "Because", Message: message}}
	}
	for _, c := range []struct {
		err    error
		reason string
		want   string
	}{
		{status(403, `secrets is forbidden: User "x" cannot patch resource "secrets"`), ReasonForbidden, `cannot patch resource "secrets"`},
		{status(403, `admission webhook "w" denied the request: `+hunter), ReasonDenied, "(Denied)"},
		{status(403, `ValidatingAdmissionPolicy 'p' denied request: `+hunter), ReasonDenied, "(Denied)"},
		{status(500, "failed to create typed patch object: .data.password: expected string, got "+hunter), ReasonInvalid, "because of data.password"},
		{status(503, "down "+hunter), ReasonServerError, "(ServerError)"},
		{errors.New("cannot encode " + hunter), ReasonUnknown, "withheld"},
		{&url.Error{Op: "Patch", URL: "https://host/x", Err: errors.New("refused")}, ReasonUnreachable, "https://host/x"},
		{context.DeadlineExceeded, ReasonTimeout, "deadline"},
	} {
		err := border("apply", secret, c.err)
		silent(t, err)
		if v := Classify(err); v.Reason != c.reason || !strings.Contains(v.Message, c.want) {
			t.Errorf("%v: want %s with %q, got %s: %s", c.err, c.reason, c.want, v.Reason, v.Message)
		}
	}
}

func TestSecretValuesOfTheWrongTypeAreNotShown(t *testing.T) {
	_, err := normalise(parse(t, "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {pin: {x: "+hunter+"}}}"))
	wantVerdict(t, err, Terminal, ReasonInvalid, "stringData.pin must be a string")
	silent(t, err)
}
