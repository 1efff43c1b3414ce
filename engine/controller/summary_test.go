package controller

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

func TestStatusExpressionsSeeWhetherSomethingHasRunBefore(t *testing.T) {
	program, err := expr.Compile("self.?status.revision.orValue(0) > 0", statusVars...)
	if err != nil {
		t.Fatal(err)
	}
	for revision, want := range map[int64]bool{0: false, 2: true} {
		s := &scope{object: &unstructured.Unstructured{Object: map[string]any{}}, status: api.Status{Revision: revision}}
		if got, err := program.Bool(s.statusVars()); err != nil || got != want {
			t.Errorf("revision %d: got %v, %v, want %v", revision, got, err, want)
		}
	}
}
