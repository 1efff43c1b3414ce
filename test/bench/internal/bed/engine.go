package bed

import (
	"context"
	"fmt"
	"io/fs"

	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/dittofs/dittofs-operator/engine/controller"
)

// Engine is the engine in this process, set up as cmd/manager does.
type Engine struct {
	// Calls are the engine's calls.
	Calls *Recorder

	cancel context.CancelFunc
	ended  chan error
}

// StartEngine starts the engine with one package in one namespace.
func (b *Bed) StartEngine(ctx context.Context, files fs.FS, namespace string) (*Engine, error) {
	ctx, cancel := context.WithCancel(ctx)
	e := &Engine{Calls: &Recorder{}, cancel: cancel, ended: make(chan error, 1)}
	packages, err := controller.LoadPackages(files)
	if err != nil {
		cancel()
		return nil, err
	}
	cacheOptions := controller.CacheOptions(packages, []string{namespace})
	warmup := true
	mgr, err := ctrl.NewManager(e.Calls.Wrap(b.Config), ctrl.Options{
		Scheme:     clientgoscheme.Scheme,
		Cache:      cacheOptions,
		Client:     client.Options{Cache: &client.CacheOptions{Unstructured: true}},
		Controller: config.Controller{EnableWarmup: &warmup},
		Metrics:    metricsserver.Options{BindAddress: "0"},
	})
	if err != nil {
		cancel()
		return nil, fmt.Errorf("make a manager: %w", err)
	}
	if err := controller.Setup(ctx, mgr, controller.Options{Packages: packages, SystemNamespace: namespace}); err != nil {
		cancel()
		return nil, err
	}
	go func() { e.ended <- mgr.Start(ctx) }()
	if !mgr.GetCache().WaitForCacheSync(ctx) {
		return nil, fmt.Errorf("the engine's caches are not filled: %w", e.Stop())
	}
	return e, nil
}

// Stop ends the engine.
func (e *Engine) Stop() error {
	e.cancel()
	return <-e.ended
}
