package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// validate runs the checks in the order in which the real server reports them.
func (c *Config) validate() error {
	for _, check := range []func() error{
		c.checkEnums, c.checkRanges, c.checkDatabase, c.checkTLS, c.checkMetrics, c.checkDurations, c.checkRest,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkEnums() error {
	for _, e := range []struct {
		key, field string
		allowed    []string
	}{
		{"logging.level", "Logging.Level", []string{"DEBUG", "INFO", "WARN", "ERROR"}},
		{"logging.format", "Logging.Format", []string{"TEXT", "JSON"}},
		{"controlplane.tls.min_version", "ControlPlane.TLS.MinVersion", []string{"1.2", "1.3"}},
		{"metrics.auth", "Metrics.Auth", []string{"NONE", "TOKEN"}},
	} {
		v := c.String(e.key)
		if v != "" && !slices.Contains(e.allowed, strings.ToUpper(v)) {
			return tagError(e.field, "oneof", v)
		}
	}
	return nil
}

func tagError(field, tag string, value any) error {
	return fmt.Errorf("Config.%s: validation failed on '%s' tag (value: %v)", field, tag, value)
}

func (c *Config) checkRanges() error {
	if d := c.Duration("shutdown_timeout"); d < 0 {
		return tagError("ShutdownTimeout", "gt", d)
	}
	for key, field := range map[string]string{"controlplane.port": "ControlPlane.Port", "metrics.port": "Metrics.Port"} {
		port := c.Int(key)
		if port > 65535 {
			return tagError(field, "max", port)
		}
		if port < 0 {
			return tagError(field, "min", port)
		}
	}
	return nil
}

func (c *Config) checkDatabase() error {
	switch t := c.String("database.type"); t {
	case "sqlite":
		return nil
	case "postgres":
	default:
		return fmt.Errorf("unsupported database type: %s", t)
	}
	for _, key := range []string{"host", "database", "user"} {
		if c.String("database.postgres."+key) == "" {
			return fmt.Errorf("postgres %s is required", key)
		}
	}
	return nil
}

func (c *Config) checkTLS() error {
	for _, section := range []string{"controlplane.tls", "metrics.tls"} {
		cert, key := c.String(section+".cert_file"), c.String(section+".key_file")
		switch {
		case cert != "" && key == "":
			return fmt.Errorf("%s.cert_file is set but key_file is missing; both are required to enable TLS", section)
		case cert == "" && key != "":
			return fmt.Errorf("%s.key_file is set but cert_file is missing; both are required to enable TLS", section)
		case cert == "" && c.String(section+".client_ca") != "":
			return fmt.Errorf("%s.client_ca requires cert_file and key_file (mTLS needs a server certificate)", section)
		}
	}
	return nil
}

func (c *Config) checkMetrics() error {
	if c.String("metrics.auth") == "token" && c.String("metrics.token_file") == "" {
		return errors.New(`metrics.auth is "token" but metrics.token_file is not set`)
	}
	if p := c.String("metrics.path"); !strings.HasPrefix(p, "/") {
		return fmt.Errorf("metrics.path %q must start with \"/\"", p)
	}
	return nil
}

func (c *Config) checkDurations() error {
	if d := c.Duration("gc.grace_period"); d != 0 && d < 5*time.Minute {
		return fmt.Errorf("gc.grace_period must be >= 5m to absorb server/S3 clock skew (got %s); set 0 to use the 1h default", d)
	}
	if d := c.Duration("gc.auto_interval"); d != 0 && d < time.Minute {
		return fmt.Errorf("gc.auto_interval must be >= 1m to avoid hammering the stores (got %s); set 0 to use the 15m default", d)
	}
	for _, key := range []string{"snapshot.scheduler_poll_interval", "snapshot.restore_http_timeout"} {
		if d := c.Duration(key); d < 0 {
			return fmt.Errorf("%s must be >= 0 (got %s)", key, d)
		}
	}
	return nil
}

func (c *Config) checkRest() error {
	if r := get[float64](c, "gc.compaction_live_ratio"); r < 0 || r > 1 {
		return fmt.Errorf("gc.compaction_live_ratio must be in [0, 1] (got %v); 0 disables compaction", r)
	}
	for _, key := range []string{"metadata.badger.block_cache_mb", "metadata.badger.index_cache_mb"} {
		if n := c.Int(key); n < 0 {
			return fmt.Errorf("%s must be >= 0 (got %d); 0 auto-sizes from available RAM", key, n)
		}
	}
	if sid := c.String("identity.machine_sid"); sid != "" && !strings.HasPrefix(sid, "S-") {
		return fmt.Errorf("identity.machine_sid %q is invalid: invalid machine SID string: invalid SID format: must start with S-", sid)
	}
	if c.Bool("ldap.enabled") && c.String("ldap.url") == "" {
		return errors.New("ldap.url is required when ldap is enabled")
	}
	return nil
}

// Warnings are what `config validate` prints although the file is valid.
func (c *Config) Warnings() (out []string) {
	if c.String("controlplane.jwt.secret") == "" {
		out = append(out, "JWT secret not configured - API authentication will fail")
	}
	for i, line := range c.Lines {
		if strings.HasPrefix(line, "payload:") {
			out = append(out, fmt.Sprintf("Line %d: Config key 'payload' has been renamed to 'block_store'. "+
				"Please update your config file. See docs/CONFIGURATION.md for the new format.", i+1))
		}
	}
	return out
}
