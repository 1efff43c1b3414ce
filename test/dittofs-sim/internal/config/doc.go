// Package config reads the static configuration of the server: YAML file,
// DITTOFS_* environment and defaults, with the messages that the real
// preflight check prints.
package config
