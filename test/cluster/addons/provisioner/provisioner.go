package provisioner

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// Name is what a StorageClass calls this provisioner.
const Name = "dittofs.local/btrfs"

// A Pool makes and removes volumes of an enforced size in bytes.
type Pool interface {
	Create(ctx context.Context, name string, limit int64) (path string, err error)
	Delete(ctx context.Context, name string) error
}

type provisioner struct{ pool Pool }

// New returns a provisioner of volumes from pool.
func New(pool Pool) controller.Provisioner { return provisioner{pool} }

// Provision makes the volume a claim asks for.
func (p provisioner) Provision(ctx context.Context, o controller.ProvisionOptions) (*corev1.PersistentVolume, controller.ProvisioningState, error) {
	if o.PVC.Spec.DataSourceRef != nil {
		return nil, controller.ProvisioningFinished, errors.New("volumes from a data source are not supported")
	}
	if mode := o.PVC.Spec.VolumeMode; mode != nil && *mode != corev1.PersistentVolumeFilesystem {
		return nil, controller.ProvisioningFinished, fmt.Errorf("volume mode %s is not supported", *mode)
	}
	size := o.PVC.Spec.Resources.Requests[corev1.ResourceStorage]
	path, err := p.pool.Create(ctx, o.PVName, size.Value())
	if err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return volume(o, path), controller.ProvisioningFinished, nil
}

// Delete removes a volume that no claim needs any more.
func (p provisioner) Delete(ctx context.Context, pv *corev1.PersistentVolume) error {
	return p.pool.Delete(ctx, pv.Name)
}

func volume(o controller.ProvisionOptions, path string) *corev1.PersistentVolume {
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: o.PVName},
		Spec: corev1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *o.StorageClass.ReclaimPolicy,
			AccessModes:                   o.PVC.Spec.AccessModes,
			MountOptions:                  o.StorageClass.MountOptions,
			Capacity: corev1.ResourceList{
				corev1.ResourceStorage: o.PVC.Spec.Resources.Requests[corev1.ResourceStorage],
			},
			PersistentVolumeSource: corev1.PersistentVolumeSource{Local: &corev1.LocalVolumeSource{Path: path}},
			NodeAffinity:           everyNode(),
		},
	}
}

// everyNode is the affinity that a local volume must have and that ours do not
// need.
func everyNode() *corev1.VolumeNodeAffinity {
	return &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{
		NodeSelectorTerms: []corev1.NodeSelectorTerm{{
			MatchExpressions: []corev1.NodeSelectorRequirement{{
				Key: corev1.LabelOSStable, Operator: corev1.NodeSelectorOpIn, Values: []string{"linux"},
			}},
		}},
	}}
}
