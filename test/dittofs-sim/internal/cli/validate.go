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
	fmt.Printf("\nDatabase: %s\nAPI: %s:%d\n", cfg.String("database.type"),
		cfg.String("controlplane.host"), cfg.Int("controlplane.port"))
	return nil
}

// migrate opens the database, which is all there is to migrate.
func migrate(cfg *config.Config) error {
	warnUnknown(cfg)
	if _, err := state.Open(databasePath(cfg)); err != nil {
		return fmt.Errorf("failed to initialize control plane store: %w", err)
	}
	fmt.Println("Migrations completed successfully")
	return nil
}
