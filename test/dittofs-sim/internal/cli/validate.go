package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// warnUnknown prints the one line that tells about keys that are not read.
func warnUnknown(cfg *config.Config) {
	if len(cfg.UnknownKeys) > 0 {
		fmt.Fprintf(os.Stderr, "WARNING: config contains unknown keys (ignored): %s\n", strings.Join(cfg.UnknownKeys, ", "))
	}
}

func validate(args []string) error {
	cfg, err := load(args, false)
	if err != nil {
		return err
	}
	warnUnknown(cfg)
	fmt.Printf("Configuration file: %s\n", cfg.File)
	warnings := cfg.Warnings()
	if len(warnings) == 0 {
		fmt.Println("Validation: OK")
	} else {
		fmt.Printf("Validation: OK (with %d warning(s))\n\nWarnings:\n", len(warnings))
		for _, w := range warnings {
			fmt.Printf("  - %s\n", w)
		}
	}
	fmt.Printf("\nConfiguration summary:\n  Database type:   %s\n  API host:        %s\n  API port:        %d\n"+
		"  API TLS:         %t\n  Log level:       %s\n", cfg.String("database.type"), cfg.String("controlplane.host"),
		cfg.Int("controlplane.port"), cfg.String("controlplane.tls.cert_file") != "", strings.ToUpper(cfg.String("logging.level")))
	return nil
}

// migrate opens the database, which is all there is to migrate.
func migrate(cfg *config.Config) error {
	warnUnknown(cfg)
	if _, err := state.Open(databasePath(cfg)); err != nil {
		return fmt.Errorf("failed to initialize control plane store: %w", err)
	}
	fmt.Printf("Migrations completed successfully (database type: %s)\n", cfg.String("database.type"))
	return nil
}
