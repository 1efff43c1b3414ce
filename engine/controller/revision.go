package controller

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// wish is what a run carries out: the instance's spec with defaults, without spec.operation, and
// the package version that says how.
type wish struct {
	Spec    map[string]any `json:"spec"`
	Package api.PackageRef `json:"package"`
}

func (w *wish) equal(o *wish) bool {
	return w.Package == o.Package && equality.Semantic.DeepEqual(w.Spec, o.Spec)
}

// revisions keeps wishes as ControllerRevisions, owned by the instance.
type revisions struct {
	reader client.Reader
	writer client.Writer
	// keep is how many revisions stay besides those in use.
	keep int

	mu    sync.Mutex
	cache map[types.UID]map[int64]*wish
	// trimmed is the newest revision when the old ones were last deleted.
	trimmed map[types.UID]int64
}

func newRevisions(r client.Reader, w client.Writer) *revisions {
	return &revisions{reader: r, writer: w, keep: api.DefaultHistoryLimit, cache: map[types.UID]map[int64]*wish{}, trimmed: map[types.UID]int64{}}
}

func revisionName(o *unstructured.Unstructured, n int64) string {
	return fmt.Sprintf("%s-%s-%d", o.GetName(), strings.ToLower(o.GetKind()), n)
}

// get returns the wish of a revision; nil for revision 0 and for one that is lost.
func (r *revisions) get(ctx context.Context, o *unstructured.Unstructured, n int64) (*wish, error) {
	if n == 0 {
		return nil, nil
	}
	if w := r.cached(o.GetUID(), n); w != nil {
		return w, nil
	}
	var cr appsv1.ControllerRevision
	err := r.reader.Get(ctx, client.ObjectKey{Namespace: o.GetNamespace(), Name: revisionName(o, n)}, &cr)
	if apierrors.IsNotFound(err) || err == nil && !metav1.IsControlledBy(&cr, o) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get revision %d: %w", n, err)
	}
	w, err := thaw(&cr)
	if err != nil {
		return nil, err
	}
	r.remember(o.GetUID(), n, w)
	return w, nil
}

// freeze writes the wish down as a new revision, numbered after the given one, and returns its
// number. A wish that was frozen before a crash is found again.
func (r *revisions) freeze(ctx context.Context, o *unstructured.Unstructured, after int64, w *wish) (int64, error) {
	raw, err := json.Marshal(w)
	if err != nil {
		return 0, fmt.Errorf("freeze wish: %w", err)
	}
	for n := after + 1; ; n++ {
		found, err := r.create(ctx, o, n, raw)
		if err != nil {
			return 0, err
		}
		if found == nil || found.equal(w) {
			r.remember(o.GetUID(), n, w)
			return n, nil
		}
	}
}

// create writes a revision. When the number is taken, it returns what is there.
func (r *revisions) create(ctx context.Context, o *unstructured.Unstructured, n int64, raw []byte) (*wish, error) {
	cr := &appsv1.ControllerRevision{
		ObjectMeta: metav1.ObjectMeta{
			Namespace:       o.GetNamespace(),
			Name:            revisionName(o, n),
			Labels:          map[string]string{api.LabelInstance: o.GetName(), api.LabelKind: o.GetKind()},
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(o, o.GroupVersionKind())},
		},
		Data:     runtime.RawExtension{Raw: raw},
		Revision: n,
	}
	err := r.writer.Create(ctx, cr)
	if err == nil {
		return nil, nil
	}
	if !apierrors.IsAlreadyExists(err) {
		return nil, fmt.Errorf("freeze revision %d: %w", n, err)
	}
	var existing appsv1.ControllerRevision
	if err := r.reader.Get(ctx, client.ObjectKeyFromObject(cr), &existing); err != nil {
		return nil, fmt.Errorf("get revision %d: %w", n, err)
	}
	if !metav1.IsControlledBy(&existing, o) {
		return &wish{}, nil
	}
	return thaw(&existing)
}

func thaw(cr *appsv1.ControllerRevision) (*wish, error) {
	var u map[string]any
	if err := json.Unmarshal(cr.Data.Raw, &u); err != nil {
		return nil, fmt.Errorf("read revision %s: %w", cr.Name, err)
	}
	var w wish
	if err := json.Unmarshal(cr.Data.Raw, &w); err != nil {
		return nil, fmt.Errorf("read revision %s: %w", cr.Name, err)
	}
	w.Spec = integers(w.Spec)
	return &w, nil
}

// trim deletes the oldest revisions that nothing refers to, once for each new revision.
func (r *revisions) trim(ctx context.Context, o *unstructured.Unstructured, used []int64) error {
	newest := slices.Max(append(used, 0))
	if !r.grown(o.GetUID(), newest) {
		return nil
	}
	if err := r.deleteUpTo(ctx, o, newest-int64(r.keep), used); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trimmed[o.GetUID()] = newest
	return nil
}

// grown says whether there may be more revisions than are kept, and more than at the last trim.
func (r *revisions) grown(uid types.UID, newest int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return newest > int64(r.keep) && newest > r.trimmed[uid]
}

// deleteUpTo deletes unused revisions downwards, until one is gone already.
func (r *revisions) deleteUpTo(ctx context.Context, o *unstructured.Unstructured, from int64, used []int64) error {
	for n := from; n > 0; n-- {
		if slices.Contains(used, n) {
			continue
		}
		cr := &appsv1.ControllerRevision{ObjectMeta: metav1.ObjectMeta{Namespace: o.GetNamespace(), Name: revisionName(o, n)}}
		if err := r.writer.Delete(ctx, cr); apierrors.IsNotFound(err) {
			return nil
		} else if err != nil {
			return fmt.Errorf("delete revision %d: %w", n, err)
		}
	}
	return nil
}

func (r *revisions) cached(uid types.UID, n int64) *wish {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cache[uid][n]
}

func (r *revisions) remember(uid types.UID, n int64, w *wish) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cache[uid] == nil {
		r.cache[uid] = map[int64]*wish{}
	}
	delete(r.cache[uid], n-int64(r.keep)-1)
	r.cache[uid][n] = w
}

func (r *revisions) forget(uid types.UID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.cache, uid)
	delete(r.trimmed, uid)
}
