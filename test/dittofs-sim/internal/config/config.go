package config

import (
	"os"
	"path/filepath"
	"time"
)

// Config is a loaded configuration.
type Config struct {
	File        string
	UnknownKeys []string
	Lines       []string
	values      map[string]any

	// InitialPassword is DITTOFS_ADMIN_INITIAL_PASSWORD; it has no key.
	InitialPassword string
}

func defaults() map[string]any {
	return map[string]any{
		"logging.level": "INFO", "logging.format": "text",
		"shutdown_timeout": 30 * time.Second,
		"database.type":    "sqlite", "database.sqlite.path": filepath.Join(configHome(), "dittofs", "controlplane.db"),
		"database.postgres.port": 5432, "database.postgres.sslmode": "disable",
		"controlplane.host": "127.0.0.1", "controlplane.port": 8080,
		"controlplane.read_timeout": 10 * time.Second, "controlplane.write_timeout": 10 * time.Second,
		"controlplane.idle_timeout": time.Minute, "controlplane.drain_stall_timeout": 5 * time.Minute,
		"controlplane.require_initial_password_change": true,
		"controlplane.jwt.access_token_duration":       15 * time.Minute,
		"controlplane.jwt.refresh_token_duration":      168 * time.Hour,
		"controlplane.tls.min_version":                 "1.2",
		"metrics.host":                                 "127.0.0.1", "metrics.port": 9090, "metrics.path": "/metrics", "metrics.auth": "none",
		"blockstore.local.backpressure_max_wait": time.Minute,
		"gc.grace_period":                        time.Hour, "gc.auto_enabled": true, "gc.auto_interval": 15 * time.Minute,
		"snapshot.restore_http_timeout": 30 * time.Minute, "snapshot.scheduler_poll_interval": time.Minute,
	}
}

func configHome() string {
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(os.Getenv("HOME"), ".config")
}

// DefaultFile is where the file is looked for when --config is not given.
func DefaultFile() string { return filepath.Join(configHome(), "dittofs", "config.yaml") }

// String returns a text key.
func (c *Config) String(key string) string { return get[string](c, key) }

// Int returns a number key.
func (c *Config) Int(key string) int { return get[int](c, key) }

// Bool returns a switch.
func (c *Config) Bool(key string) bool { return get[bool](c, key) }

// Duration returns a time key.
func (c *Config) Duration(key string) time.Duration { return get[time.Duration](c, key) }

func get[T any](c *Config, key string) T {
	v, _ := c.values[key].(T)
	return v
}
