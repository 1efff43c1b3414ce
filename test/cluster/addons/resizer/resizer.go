package resizer

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// A Pool has volumes whose limits in bytes can be raised.
type Pool interface {
	Limit(ctx context.Context, name string, limit int64) error
}

// api is what a resizer does to objects; patches are JSON merge patches.
type api interface {
	Volume(ctx context.Context, name string) (*corev1.PersistentVolume, error)
	PatchVolume(ctx context.Context, name string, patch []byte) error
	PatchClaimStatus(ctx context.Context, namespace, name string, patch []byte) error
}

type resizer struct {
	api         api
	pool        Pool
	provisioner string // whose volumes are ours
}

// resize gives the claim what it asks for. A claim that has it already, or that
// is not bound to one of our volumes, is left alone.
func (r *resizer) resize(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	wanted, grows := growth(claim)
	if !grows {
		return nil
	}
	pv, err := r.api.Volume(ctx, claim.Spec.VolumeName)
	if err != nil {
		return fmt.Errorf("read volume %s: %w", claim.Spec.VolumeName, err)
	}
	if pv.Annotations["pv.kubernetes.io/provisioned-by"] != r.provisioner {
		return nil
	}
	if err := r.pool.Limit(ctx, pv.Name, wanted.Value()); err != nil {
		return err
	}
	if err := r.api.PatchVolume(ctx, pv.Name, capacity("spec", wanted)); err != nil {
		return fmt.Errorf("record the size of volume %s: %w", pv.Name, err)
	}
	if err := r.api.PatchClaimStatus(ctx, claim.Namespace, claim.Name, capacity("status", wanted)); err != nil {
		return fmt.Errorf("record the size of claim %s/%s: %w", claim.Namespace, claim.Name, err)
	}
	return nil
}

// growth returns what a bound claim asks for, and whether that is more than it has.
func growth(claim *corev1.PersistentVolumeClaim) (resource.Quantity, bool) {
	wanted := claim.Spec.Resources.Requests[corev1.ResourceStorage]
	has, known := claim.Status.Capacity[corev1.ResourceStorage]
	return wanted, claim.Status.Phase == corev1.ClaimBound && known && wanted.Cmp(has) > 0
}

// capacity is the patch that sets it in the object's part (spec or status).
func capacity(part string, size resource.Quantity) []byte {
	patch, err := json.Marshal(map[string]any{part: map[string]any{"capacity": map[string]any{"storage": size.String()}}})
	if err != nil {
		panic(err) // maps of strings always marshal
	}
	return patch
}
