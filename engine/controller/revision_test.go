package controller

import (
	"context"
	"slices"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// shelf is a writer that knows which revisions are there and counts the attempts to delete one.
type shelf struct {
	client.Writer
	names   []string
	deletes int
}

func (s *shelf) Delete(_ context.Context, o client.Object, _ ...client.DeleteOption) error {
	s.deletes++
	at := slices.Index(s.names, o.GetName())
	if at < 0 {
		return apierrors.NewNotFound(schema.GroupResource{Resource: "controllerrevisions"}, o.GetName())
	}
	s.names = slices.Delete(s.names, at, at+1)
	return nil
}

func TestTrimAsksOnceForEachRevision(t *testing.T) {
	o := &unstructured.Unstructured{}
	o.SetName("desk")
	o.SetKind("Lamp")
	o.SetUID("1")
	s := &shelf{names: []string{"desk-lamp-1", "desk-lamp-2", "desk-lamp-3"}}
	r := newRevisions(nil, s)
	r.keep = 2
	steps := []struct {
		newest, used int64
		deletes      int
		left         []string
	}{
		{newest: 2, deletes: 0, left: []string{"desk-lamp-1", "desk-lamp-2", "desk-lamp-3"}},
		{newest: 3, deletes: 1, left: []string{"desk-lamp-2", "desk-lamp-3"}},
		{newest: 3, deletes: 1, left: []string{"desk-lamp-2", "desk-lamp-3"}},
		// Revision 2 is in use; below it nothing is left.
		{newest: 4, used: 2, deletes: 2, left: []string{"desk-lamp-2", "desk-lamp-3"}},
		{newest: 4, used: 2, deletes: 2, left: []string{"desk-lamp-2", "desk-lamp-3"}},
		{newest: 5, deletes: 5, left: []string{}},
	}
	for i, step := range steps {
		if err := r.trim(t.Context(), o, []int64{step.newest, step.used}); err != nil {
			t.Fatal(err)
		}
		if s.deletes != step.deletes || !slices.Equal(s.names, step.left) {
			t.Errorf("step %d: %d deletes and %v left, want %d and %v", i, s.deletes, s.names, step.deletes, step.left)
		}
	}
}
