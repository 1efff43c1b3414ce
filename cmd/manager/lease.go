package main

import (
	"fmt"
	"os"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// leaseName is the Lease that several managers compete for.
const leaseName = "dittofs-operator"

// podLock is a lease held in the name of the Pod: a manager that was killed and is started again in the
// same Pod goes on at once, instead of waiting for its own lease to run out. Outside of a Pod it is
// nil, and every process has a name of its own.
func podLock(cfg *rest.Config, namespace string) (resourcelock.Interface, error) {
	pod := os.Getenv("POD_NAME")
	if pod == "" {
		return nil, nil
	}
	client, err := kubernetes.NewForConfig(rest.AddUserAgent(cfg, "leader-election"))
	if err != nil {
		return nil, fmt.Errorf("make a client for the lease: %w", err)
	}
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, leaseName, client.CoreV1(), client.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: pod})
	if err != nil {
		return nil, fmt.Errorf("make the lease: %w", err)
	}
	return lock, nil
}
