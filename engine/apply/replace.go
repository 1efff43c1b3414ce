package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// orphanWait bounds how long a call waits for the garbage collector to let dependents go, looking
// every orphanLook. It is short: nothing manages them meanwhile, and an event tells the rest.
const (
	orphanWait = time.Second
	orphanLook = 50 * time.Millisecond
)

// replace carries out the policy for a change that the API server refused because a field never
// changes. Volumes and retained objects hold what must not be lost: they are never replaced.
func (a *Applier) replace(ctx context.Context, want, live *unstructured.Unstructured, policy api.OnImmutable, cause error) (*unstructured.Unstructured, Change, error) {
	ref := RefOf(live)
	paths := blamed(cause, want, live)
	switch {
	case policy != api.ImmutableRecreate && policy != api.ImmutableOrphan:
		return nil, "", fixed(ref, paths, cause, "undo the change, or set onImmutable on the task")
	case isVolume(ref) || retained(live):
		return nil, "", fixed(ref, paths, cause, "it holds data and is never recreated; undo the change")
	}
	gone, err := a.removeNow(ctx, live, policy == api.ImmutableOrphan)
	if err != nil {
		return nil, "", err
	}
	if !gone {
		return nil, "", refuse(Waiting, ReasonRecreating, ref, "is being deleted, to be made anew with another "+strings.Join(paths, ", "))
	}
	created, err := a.send(ctx, want, want)
	return created, Recreated, err
}

// removeNow deletes the object for its successor and says whether it is gone already.
func (a *Applier) removeNow(ctx context.Context, live *unstructured.Unstructured, orphan bool) (bool, error) {
	if !orphan {
		return a.remove(ctx, live, propagation(live))
	}
	gone, err := a.remove(ctx, live, metav1.DeletePropagationOrphan)
	for waited := time.Duration(0); err == nil && !gone && waited < orphanWait; waited += orphanLook {
		if err := pause(ctx, orphanLook); err != nil {
			return false, border("wait for the deletion of", live, err)
		}
		gone, err = a.gone(ctx, live)
	}
	return gone, err
}

// fixed is the error for a field that never changes.
func fixed(ref api.ObjectRef, paths []string, cause error, advice string) error {
	err := refuse(Terminal, ReasonImmutable, ref, fmt.Sprintf("cannot change %s in place; %s", strings.Join(paths, ", "), advice))
	err.Paths, err.Err = paths, cause
	return err
}

// blamed are the fields that the refusal is about. Where it names a whole block, such as spec, the
// fields of that block that differ say more.
func blamed(cause error, want, live *unstructured.Unstructured) []string {
	var fields []string
	if known := (*Error)(nil); errors.As(cause, &known) {
		fields = known.Paths
	}
	differing := Drift(want, live)
	var paths []string
	for _, field := range fields {
		within := below(field, differing)
		if len(within) == 0 {
			within = []string{field}
		}
		paths = append(paths, within...)
	}
	if len(paths) == 0 {
		return []string{"a field"}
	}
	return paths
}

// below are the paths at or under the field.
func below(field string, paths []string) []string {
	var out []string
	for _, path := range paths {
		if path == field || strings.HasPrefix(path, field+".") || strings.HasPrefix(path, field+"[") {
			out = append(out, path)
		}
	}
	return out
}
