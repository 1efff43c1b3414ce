package health

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/expr"
)

func TestWithRules(t *testing.T) {
	byCase := map[string]*unstructured.Unstructured{}
	for _, s := range snapshots(t, "testdata/objects.yaml") {
		byCase[s.Case] = s.object(t)
	}
	cases := []struct{ object, ready, failed, want string }{
		{"statefulset-ready", "", "", "Healthy/Healthy"},
		{"statefulset-not-ready", "", "", "Progressing/NotReady"},
		{"statefulset-not-ready", "object.status.replicas == 1", "", "Healthy/Healthy"},
		{"statefulset-ready", "object.status.replicas == 2", "", "Progressing/NotReadyYet"},
		{"statefulset-ready", "object.status.absent == 2", "", "Progressing/NotReadyYet"},
		{"statefulset-ready", "true", "object.status.replicas == 1", "Failed/FailedWhen"},
		{"statefulset-ready", "", "object.status.replicas == 1", "Failed/FailedWhen"},
		{"statefulset-ready", "", "object.status.absent == 1", "Healthy/Healthy"},
		{"statefulset-not-observed", "true", "true", "Progressing/NotObserved"},
		{"statefulset-deleted", "true", "true", "Progressing/Terminating"},
		{"job-failed", "false", "", "Failed/BackoffLimitExceeded"},
		{"job-failed", "true", "", "Healthy/Healthy"},
		{"custom-ready-for-old-generation", "true", "", "Progressing/NotObserved"},
		{"claim-pending", "object.status.phase == 'Bound'", "", "Progressing/NotReadyYet"},
		{"", "true", "true", "Absent/NotFound"},
	}
	for _, c := range cases {
		r, err := WithRules(byCase[c.object], program(t, c.ready), program(t, c.failed))
		if err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if got := string(r.Status) + "/" + r.Reason; got != c.want {
			t.Errorf("%+v: %s: %s", c, got, r.Message)
		}
	}
}

func TestWithRulesErrors(t *testing.T) {
	u := &unstructured.Unstructured{Object: map[string]any{"kind": "Thing", "metadata": map[string]any{"name": "a"}, "x": "text"}}
	for _, c := range []struct{ ready, failed, want string }{
		{"object.x", "", `readyWhen of Thing a: evaluate "object.x": it yields a value of type string`},
		{"true", "object.x + 1 == 2", `failedWhen of Thing a: `},
	} {
		_, err := WithRules(u, program(t, c.ready), program(t, c.failed))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func program(t *testing.T, src string) *expr.Program {
	t.Helper()
	if src == "" {
		return nil
	}
	p, err := expr.Compile(src, "object")
	if err != nil {
		t.Fatal(err)
	}
	return p
}
