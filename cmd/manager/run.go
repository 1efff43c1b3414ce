package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.uber.org/zap/zapcore"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/dittofs/dittofs-operator/engine/controller"
	operatorpackage "github.com/dittofs/dittofs-operator/operator-package"
)

// The lease: long enough that a slow API server costs no restart, released on a clean stop so that
// the next manager need not wait for it to run out.
const (
	leaseDuration = 30 * time.Second
	renewDeadline = 20 * time.Second
	retryPeriod   = time.Second
	// reconcileTimeout bounds one look at one instance; no task blocks for long.
	reconcileTimeout = time.Minute
)

func run(ctx context.Context, f *flags) error {
	if err := setLogger(f.logLevel); err != nil {
		return err
	}
	sources := []fs.FS{operatorpackage.FS()}
	for _, dir := range f.packages {
		sources = append(sources, os.DirFS(dir))
	}
	packages, err := controller.LoadPackages(sources...)
	if err != nil {
		return err
	}
	mgr, err := newManager(f, packages)
	if err != nil {
		return err
	}
	options := controller.Options{Packages: packages, SystemNamespace: f.systemNamespace, Concurrency: f.concurrency}
	if err := controller.Setup(ctx, mgr, options); err != nil {
		return err
	}
	if err := addProbes(mgr); err != nil {
		return err
	}
	ctrl.Log.Info("starting", "version", version, "namespaces", f.namespaces, "systemNamespace", f.systemNamespace)
	return mgr.Start(ctx)
}

func setLogger(level string) error {
	var l zapcore.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return fmt.Errorf("--log-level %q: use debug, info or error", level)
	}
	ctrl.SetLogger(zap.New(zap.Level(l), zap.StacktraceLevel(zapcore.PanicLevel)))
	return nil
}

func newManager(f *flags, packages []controller.Package) (manager.Manager, error) {
	cfg, err := ctrl.GetConfig()
	if err != nil {
		return nil, fmt.Errorf("find the cluster: %w", err)
	}
	cacheOptions := controller.CacheOptions(packages, f.namespaces)
	lock, err := podLock(cfg, f.systemNamespace)
	if err != nil {
		return nil, err
	}
	lease, renew, retry := leaseDuration, renewDeadline, retryPeriod
	warmup := true
	return ctrl.NewManager(cfg, ctrl.Options{
		Scheme:                        clientgoscheme.Scheme,
		Cache:                         cacheOptions,
		Client:                        client.Options{Cache: &client.CacheOptions{Unstructured: true}},
		Controller:                    config.Controller{EnableWarmup: &warmup, ReconciliationTimeout: reconcileTimeout},
		Metrics:                       metricsserver.Options{BindAddress: f.metricsAddress, SecureServing: true, FilterProvider: filters.WithAuthenticationAndAuthorization},
		HealthProbeBindAddress:        f.probeAddress,
		LeaderElection:                f.leaderElect,
		LeaderElectionID:              leaseName,
		LeaderElectionNamespace:       f.systemNamespace,
		LeaderElectionReleaseOnCancel: true,

		LeaderElectionResourceLockInterface: lock,
		LeaseDuration:                       &lease,
		RenewDeadline:                       &renew,
		RetryPeriod:                         &retry,
	})
}
