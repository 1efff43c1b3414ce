package main

import (
	"testing"

	"k8s.io/client-go/rest"
)

func TestLeaseIsHeldInTheNameOfThePod(t *testing.T) {
	t.Setenv("POD_NAME", "operator-7f")
	lock, err := podLock(&rest.Config{Host: "https://127.0.0.1:1"}, "system")
	if err != nil || lock.Identity() != "operator-7f" || lock.Describe() != "system/"+leaseName {
		t.Fatalf("lock %v, %v", lock, err)
	}
	t.Setenv("POD_NAME", "")
	if lock, err := podLock(&rest.Config{}, "system"); lock != nil || err != nil {
		t.Fatalf("outside of a Pod there is the lock %v, %v", lock, err)
	}
}
