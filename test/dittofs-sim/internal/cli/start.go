package cli

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/api"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/faults"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// databasePath is where the rows lie. With PostgreSQL, which the stand-in does
// not speak, they lie in a file of their own below the SQLite default.
func databasePath(cfg *config.Config) string {
	path := cfg.String("database.sqlite.path")
	if cfg.String("database.type") == "postgres" {
		if dir := os.Getenv("DITTOFS_SIM_POSTGRES_DIR"); dir != "" {
			return filepath.Join(dir, cfg.String("database.postgres.database")+".db")
		}
		return filepath.Join(filepath.Dir(path), "postgres-stand-in.db")
	}
	return path
}

// faultFile is the control file; by default it lies next to the database.
func faultFile(cfg *config.Config) string {
	if file := os.Getenv("DITTOFS_SIM_CONTROL"); file != "" {
		return file
	}
	return filepath.Join(filepath.Dir(databasePath(cfg)), "dittofs-sim.json")
}

func start(cfg *config.Config, version string) error {
	warnUnknown(cfg)
	switches := faults.NewSource(faultFile(cfg))
	if err := misbehave(switches.Get()); err != nil {
		return err
	}
	if err := checkDatabase(cfg); err != nil {
		return err
	}
	db, err := state.Open(databasePath(cfg))
	if err != nil {
		return fmt.Errorf("failed to initialize control plane store: %w", err)
	}
	if err := bootstrap(db, cfg); err != nil {
		return err
	}
	eng, err := engine.New(cfg, db, switches, databasePath(cfg))
	if err != nil {
		return fmt.Errorf("failed to initialize runtime: %w", err)
	}
	if len(cfg.String("controlplane.jwt.secret")) < 32 {
		return errors.New("failed to create API server: JWT secret must be at least 32 characters; " +
			"set via DITTOFS_CONTROLPLANE_SECRET env var or config")
	}
	apiServer, err := newAPI(cfg, api.New(eng))
	if err != nil {
		return err
	}
	metricsServer, err := newMetrics(cfg, version)
	if err != nil {
		return err
	}
	eng.StartAdapters()
	return serve(cfg, eng, apiServer, metricsServer, switches)
}

// misbehave applies the switches that work before the start.
func misbehave(set faults.Set) error {
	if set.ExitCode != 0 {
		fmt.Fprintf(os.Stderr, "Error: stopped with exit code %d on request of the test\n", set.ExitCode)
		return exitError{set.ExitCode}
	}
	time.Sleep(faults.Duration(set.StartDelay))
	if d := faults.Duration(set.CrashAfter); d > 0 {
		time.AfterFunc(d, func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); os.Exit(137) })
	}
	return nil
}

// serve runs until a listener fails or a signal comes.
func serve(cfg *config.Config, eng *engine.Engine, apiServer, metricsServer *listener, switches *faults.Source) error {
	failed := make(chan error, 1)
	go func() { failed <- apiServer.run() }()
	if metricsServer != nil {
		go func() {
			if err := metricsServer.run(); err != nil {
				fmt.Printf("{\"level\":\"ERROR\",\"msg\":\"metrics server error: metrics server failed: %s\"}\n", err)
			}
		}()
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	for {
		select {
		case err := <-failed:
			return fmt.Errorf("API server error: API server failed: %w", err)
		case <-signals:
			if switches.Get().IgnoreTerm {
				continue
			}
			apiServer.stop(cfg.Duration("shutdown_timeout"))
			eng.Close()
			metricsServer.stop(time.Second)
			return nil
		}
	}
}
