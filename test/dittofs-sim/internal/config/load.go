package config

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrNotFound is returned when a file that was named does not exist.
var ErrNotFound = errors.New("configuration file not found")

// Load reads file (may be ""), then the environment, then validates.
func Load(file string) (*Config, error) {
	c := &Config{File: file, values: defaults(), InitialPassword: os.Getenv("DITTOFS_ADMIN_INITIAL_PASSWORD")}
	raw := map[string]any{}
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%w: %s\n\nPlease create the configuration file:\n  dittofs init --config %s", ErrNotFound, file, file)
		}
		tree := map[string]any{}
		if err := yaml.Unmarshal(text, &tree); err != nil {
			return nil, fmt.Errorf("failed to load configuration: failed to read config file: While parsing config: %w", err)
		}
		c.Lines = strings.Split(string(text), "\n")
		c.UnknownKeys = flatten("", tree, raw)
	}
	readEnv(raw)
	if err := c.decode(raw); err != nil {
		return nil, err
	}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("failed to load configuration: configuration validation failed: %w", err)
	}
	return c, nil
}

// readEnv lets DITTOFS_* win over the file.
func readEnv(raw map[string]any) {
	for key, k := range keys {
		if v, ok := os.LookupEnv(envName(key)); ok && v != "" && k != kindAny {
			raw[key] = v
		}
	}
	if v := os.Getenv("DITTOFS_CONTROLPLANE_SECRET"); v != "" {
		raw["controlplane.jwt.secret"] = v
	}
}

// decode converts the raw values; like the real decoder it reports one error
// per key under one heading, and empty values leave the default.
func (c *Config) decode(raw map[string]any) error {
	for key, v := range raw {
		if v == nil || v == "" {
			continue
		}
		out, err := convert(keys[key], v)
		if err != nil {
			return fmt.Errorf("failed to load configuration: failed to unmarshal config: "+
				"decoding failed due to the following error(s):\n\n'%s' %w", key, err)
		}
		c.values[key] = out
	}
	return nil
}
