package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
)

// exitError ends the process with a code of its own.
type exitError struct{ code int }

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// Main runs a command and returns the exit code.
func Main(args []string, version string) int {
	if v := os.Getenv("DITTOFS_SIM_VERSION"); v != "" {
		version = v
	}
	err := run(args, version)
	var exit exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.code
	}
	fmt.Fprintf(os.Stderr, "Error: %s\n", err)
	return 1
}

func run(args []string, version string) error {
	if len(args) == 0 {
		return errors.New("no command: start, config validate, migrate or version")
	}
	switch args[0] {
	case "start":
		cfg, err := load(args[1:], true)
		if err != nil {
			return err
		}
		return start(cfg, version)
	case "migrate":
		cfg, err := load(args[1:], true)
		if err != nil {
			return err
		}
		return migrate(cfg)
	case "config":
		if len(args) > 1 && args[1] == "validate" {
			return validate(args[2:])
		}
	case "version", "--version":
		fmt.Fprintf(os.Stderr, "dfs %s\n  Commit:     5c30c801\n  Built:      stand-in\n", version)
		return nil
	}
	return fmt.Errorf("unknown command %q for \"dfs\"", args[0])
}

// load reads --config; without it the default file, if there is one, and the
// environment count.
func load(args []string, warn bool) (*config.Config, error) {
	flags := flag.NewFlagSet("dfs", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	file := flags.String("config", "", "")
	flags.Bool("foreground", false, "")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if *file == "" {
		if _, err := os.Stat(config.DefaultFile()); err == nil {
			*file = config.DefaultFile()
		} else if warn {
			fmt.Fprintf(os.Stderr, "WARNING: no configuration file found at default location: %s\n", config.DefaultFile())
		}
	}
	return config.Load(*file)
}
