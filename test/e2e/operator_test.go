package e2e

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	operatorNamespace = "dittofs-system"
	operatorName      = "dittofs-operator"
)

var operatorKey = client.ObjectKey{Namespace: operatorNamespace, Name: operatorName}

// operatorReady waits until exactly the wished managers are there and ready.
func operatorReady(ctx context.Context) error {
	return poll(ctx, time.Minute, func(ctx context.Context) error {
		var d appsv1.Deployment
		if err := kube.Get(ctx, operatorKey, &d); err != nil {
			return err
		}
		pods, err := managers(ctx)
		if err != nil {
			return err
		}
		wished := int(*d.Spec.Replicas)
		if d.Status.ObservedGeneration != d.Generation || int(d.Status.UpdatedReplicas) != wished || int(d.Status.ReadyReplicas) != wished || len(pods) != wished {
			return fmt.Errorf("deployment %s: %d of %d Pods are ready, %d are there", operatorName, d.Status.ReadyReplicas, wished, len(pods))
		}
		return nil
	})
}

// managers lists the manager's Pods.
func managers(ctx context.Context) ([]corev1.Pod, error) {
	var pods corev1.PodList
	err := kube.List(ctx, &pods, client.InNamespace(operatorNamespace), client.MatchingLabels{"app.kubernetes.io/name": operatorName})
	return pods.Items, err
}

// manager returns the only manager's Pod.
func manager(ctx context.Context) (*corev1.Pod, error) {
	pods, err := managers(ctx)
	if err != nil {
		return nil, err
	}
	if len(pods) != 1 {
		return nil, fmt.Errorf("there are %d managers", len(pods))
	}
	return &pods[0], nil
}

// scaleOperator sets how many managers there are and waits for it.
func scaleOperator(ctx context.Context, replicas int) error {
	patch := fmt.Appendf(nil, `{"spec":{"replicas":%d}}`, replicas)
	if err := kube.Patch(ctx, operatorDeployment(), client.RawPatch(types.MergePatchType, patch)); err != nil {
		return err
	}
	return operatorReady(ctx)
}

func operatorDeployment() *appsv1.Deployment {
	d := &appsv1.Deployment{}
	d.Namespace, d.Name = operatorNamespace, operatorName
	return d
}

// errNoLeader says that nobody holds the lease.
var errNoLeader = errors.New("nobody holds the operator's lease")

// leader returns the name of the Pod that holds the lease.
func leader(ctx context.Context) (string, error) {
	var lease coordinationv1.Lease
	if err := kube.Get(ctx, operatorKey, &lease); err != nil {
		return "", err
	}
	if lease.Spec.HolderIdentity == nil || *lease.Spec.HolderIdentity == "" {
		return "", errNoLeader
	}
	pod, _, _ := strings.Cut(*lease.Spec.HolderIdentity, "_")
	return pod, nil
}

// dropLease ends the lease of a manager that was killed, as time would do after half a minute.
func dropLease(ctx context.Context) error {
	lease := &coordinationv1.Lease{}
	lease.Namespace, lease.Name = operatorNamespace, operatorName
	return client.IgnoreNotFound(kube.Delete(ctx, lease))
}

// replaceKilled puts a new Pod in the place of a killed one, so that the kubelet's growing
// pauses between restarts of one Pod need not be waited for.
func replaceKilled(ctx context.Context, pod *corev1.Pod) error {
	err := kube.Delete(ctx, pod, client.GracePeriodSeconds(0))
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	return dropLease(ctx)
}

// operatorImage returns the image that the installed operator runs.
func operatorImage(ctx context.Context) (string, error) {
	d := operatorDeployment()
	if err := kube.Get(ctx, operatorKey, d); err != nil {
		return "", err
	}
	return d.Spec.Template.Spec.Containers[0].Image, nil
}

// install applies config/default, with the image that was installed before.
func install(ctx context.Context, image string) error {
	if _, err := cluster.kubectl(ctx, "apply", "-k", "../../config/default"); err != nil {
		return err
	}
	_, err := cluster.kubectl(ctx, "-n", operatorNamespace, "set", "image", "deployment/"+operatorName, "manager="+image)
	return err
}

// setArguments gives the manager another command line and returns the one that it had.
func setArguments(ctx context.Context, change func([]string) []string) (before []string, err error) {
	d := operatorDeployment()
	if err := kube.Get(ctx, operatorKey, d); err != nil {
		return nil, err
	}
	base := d.DeepCopy()
	c := &d.Spec.Template.Spec.Containers[0]
	before = base.Spec.Template.Spec.Containers[0].Args
	c.Args = change(slices.Clone(before))
	if err := kube.Patch(ctx, d, client.MergeFrom(base)); err != nil {
		return nil, err
	}
	return before, operatorReady(ctx)
}
