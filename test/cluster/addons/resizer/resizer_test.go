package resizer

import (
	"context"
	"errors"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// world is pool and API at once; it writes down what is done, in order.
type world struct {
	done  []string
	owner string
	full  error
}

func (w *world) Limit(_ context.Context, name string, limit int64) error {
	if w.full == nil {
		w.done = append(w.done, "limit "+name+" "+resource.NewQuantity(limit, resource.BinarySI).String())
	}
	return w.full
}

func (w *world) Volume(_ context.Context, name string) (*corev1.PersistentVolume, error) {
	return &corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{
		Name: name, Annotations: map[string]string{"pv.kubernetes.io/provisioned-by": w.owner},
	}}, nil
}

func (w *world) PatchVolume(_ context.Context, name string, patch []byte) error {
	w.done = append(w.done, "volume "+name+" "+string(patch))
	return nil
}

func (w *world) PatchClaimStatus(_ context.Context, namespace, name string, patch []byte) error {
	w.done = append(w.done, "claim "+namespace+"/"+name+" "+string(patch))
	return nil
}

func claim(phase corev1.PersistentVolumeClaimPhase, wants, has string) *corev1.PersistentVolumeClaim {
	size := func(s string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceStorage: resource.MustParse(s)}
	}
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "data"},
		Spec: corev1.PersistentVolumeClaimSpec{
			VolumeName: "pv-1", Resources: corev1.VolumeResourceRequirements{Requests: size(wants)},
		},
		Status: corev1.PersistentVolumeClaimStatus{Phase: phase, Capacity: size(has)},
	}
}

func TestGrowingRaisesTheLimitBeforeItIsAnnounced(t *testing.T) {
	w := &world{owner: "us"}
	r := &resizer{api: w, pool: w, provisioner: "us"}
	if err := r.resize(t.Context(), claim(corev1.ClaimBound, "2Gi", "1Gi")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"limit pv-1 2Gi",
		`volume pv-1 {"spec":{"capacity":{"storage":"2Gi"}}}`,
		`claim ns/data {"status":{"capacity":{"storage":"2Gi"}}}`,
	}
	if !slices.Equal(w.done, want) {
		t.Errorf("did %q", w.done)
	}
}

func TestLeftAlone(t *testing.T) {
	for name, c := range map[string]struct {
		claim *corev1.PersistentVolumeClaim
		owner string
	}{
		"has it":    {claim(corev1.ClaimBound, "1Gi", "1Gi"), "us"},
		"has more":  {claim(corev1.ClaimBound, "1Gi", "2Gi"), "us"},
		"not bound": {claim(corev1.ClaimPending, "2Gi", "1Gi"), "us"},
		"not ours":  {claim(corev1.ClaimBound, "2Gi", "1Gi"), "them"},
	} {
		w := &world{owner: c.owner}
		r := &resizer{api: w, pool: w, provisioner: "us"}
		if err := r.resize(t.Context(), c.claim); err != nil || len(w.done) != 0 {
			t.Errorf("%s: did %q, %v", name, w.done, err)
		}
	}
}

func TestNothingIsAnnouncedWhenTheLimitStays(t *testing.T) {
	w := &world{owner: "us", full: errors.New("no room")}
	r := &resizer{api: w, pool: w, provisioner: "us"}
	if err := r.resize(t.Context(), claim(corev1.ClaimBound, "2Gi", "1Gi")); !errors.Is(err, w.full) || len(w.done) != 0 {
		t.Errorf("did %q, %v", w.done, err)
	}
}
