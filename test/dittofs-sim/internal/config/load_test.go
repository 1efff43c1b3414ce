package config

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestPrecedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	text := "shutdown_timeout: 30\ncontrolplane: {port: 1000, host: 0.0.0.0}\nserver: {a: 1}\nlogging: {bogus: 1}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DITTOFS_CONTROLPLANE_PORT", "2000")
	t.Setenv("DITTOFS_CONTROLPLANE_SECRET", "short form")
	t.Setenv("DITTOFS_GC_AUTO_ENABLED", "false")
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if c.Int("controlplane.port") != 2000 || c.String("controlplane.host") != "0.0.0.0" || c.Int("metrics.port") != 9090 {
		t.Errorf("environment, file, default: %v", c.values)
	}
	if c.String("controlplane.jwt.secret") != "short form" || c.Bool("gc.auto_enabled") {
		t.Errorf("special names: %v", c.values)
	}
	if c.Duration("shutdown_timeout") != 30*time.Nanosecond {
		t.Errorf("a bare number is nanoseconds, got %s", c.Duration("shutdown_timeout"))
	}
	if !slices.Equal(c.UnknownKeys, []string{"logging.bogus", "server"}) {
		t.Errorf("unknown keys: %v", c.UnknownKeys)
	}
}
