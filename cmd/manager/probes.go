package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
)

// errNotSynced is what readiness says before the manager knows the cluster's state.
var errNotSynced = errors.New("the caches are not filled yet: are the CustomResourceDefinitions installed, and may the manager list them?")

// addProbes adds liveness (the process answers) and readiness (the caches are filled).
func addProbes(mgr manager.Manager) error {
	var synced atomic.Bool
	err := mgr.Add(everywhere(func(ctx context.Context) error {
		if mgr.GetCache().WaitForCacheSync(ctx) {
			synced.Store(true)
		}
		return nil
	}))
	if err != nil {
		return err
	}
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return err
	}
	return mgr.AddReadyzCheck("caches", func(*http.Request) error {
		if !synced.Load() {
			return errNotSynced
		}
		return nil
	})
}

// everywhere is a runnable that does not wait for leadership.
type everywhere func(context.Context) error

// Start runs the function.
func (f everywhere) Start(ctx context.Context) error { return f(ctx) }

// NeedLeaderElection says that every manager runs it.
func (everywhere) NeedLeaderElection() bool { return false }
