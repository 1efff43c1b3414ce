package provisioner

import (
	"context"
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// fakePool remembers the limits of the volumes it has.
type fakePool struct {
	limits map[string]int64
	err    error
}

func (f *fakePool) Create(_ context.Context, name string, limit int64) (string, error) {
	f.limits[name] = limit
	return "/volumes/" + name, f.err
}

func (f *fakePool) Delete(_ context.Context, name string) error {
	delete(f.limits, name)
	return f.err
}

func claim(size string) controller.ProvisionOptions {
	policy := corev1.PersistentVolumeReclaimDelete
	return controller.ProvisionOptions{
		StorageClass: &storagev1.StorageClass{ReclaimPolicy: &policy},
		PVName:       "pvc-1",
		PVC: &corev1.PersistentVolumeClaim{Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources: corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{
				corev1.ResourceStorage: resource.MustParse(size),
			}},
		}},
	}
}

func TestVolumeHasTheSizeThatWasAskedFor(t *testing.T) {
	pool := &fakePool{limits: map[string]int64{}}
	pv, _, err := New(pool).Provision(t.Context(), claim("10Mi"))
	if err != nil {
		t.Fatal(err)
	}
	if pool.limits["pvc-1"] != 10<<20 || pv.Spec.Capacity.Storage().Value() != 10<<20 {
		t.Errorf("limit %d, capacity %s", pool.limits["pvc-1"], pv.Spec.Capacity.Storage())
	}
	if pv.Spec.Local.Path != "/volumes/pvc-1" || pv.Spec.NodeAffinity == nil {
		t.Errorf("volume is %+v", pv.Spec)
	}
}

func TestDelete(t *testing.T) {
	pool := &fakePool{limits: map[string]int64{"pvc-1": 1}}
	pv := &corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: "pvc-1"}}
	if err := New(pool).Delete(t.Context(), pv); err != nil || len(pool.limits) != 0 {
		t.Errorf("err %v, left %v", err, pool.limits)
	}
}

func TestRefused(t *testing.T) {
	block := corev1.PersistentVolumeBlock
	raw, cloned := claim("1Mi"), claim("1Mi")
	raw.PVC.Spec.VolumeMode = &block
	cloned.PVC.Spec.DataSourceRef = &corev1.TypedObjectReference{Kind: "VolumeSnapshot", Name: "s"}
	for name, o := range map[string]controller.ProvisionOptions{"block": raw, "cloned": cloned} {
		pool := &fakePool{limits: map[string]int64{}}
		if _, _, err := New(pool).Provision(t.Context(), o); err == nil || len(pool.limits) != 0 {
			t.Errorf("%s: err %v, made %v", name, err, pool.limits)
		}
	}
}

func TestFailureOfThePoolIsPassedOn(t *testing.T) {
	full := errors.New("full")
	if _, _, err := New(&fakePool{limits: map[string]int64{}, err: full}).Provision(t.Context(), claim("1Mi")); !errors.Is(err, full) {
		t.Errorf("err = %v", err)
	}
}
