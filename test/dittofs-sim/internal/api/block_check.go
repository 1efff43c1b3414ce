package api

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
)

// checkBlock validates type and config of a block store, in the order of the
// real server; a local directory is created on the way.
func checkBlock(kind, kindType string, config map[string]any) error {
	switch {
	case kindType == "memory":
		return nil
	case kind == "local" && kindType == "fs":
		return checkLocal(config)
	case kind == "remote" && kindType == "s3":
		return checkS3(config)
	}
	return problem.BadRequest("Store type '%s' is not valid for kind '%s'", kindType, kind)
}

func badConfig(format string, args ...any) error {
	return problem.BadRequest("Invalid block store config: "+format, args...)
}

func checkLocal(config map[string]any) error {
	path, _ := config["path"].(string)
	if path == "" {
		return badConfig("fs local block store requires path in config")
	}
	if !filepath.IsAbs(path) {
		return badConfig("fs local block store path must be absolute, got %q", path)
	}
	if err := os.MkdirAll(path, 0o750); err != nil {
		return badConfig("failed to create block store directory %q: %s", path, err)
	}
	return nil
}

func checkS3(config map[string]any) error {
	for _, key := range []string{"bucket", "access_key_id", "secret_access_key"} {
		if v, _ := config[key].(string); v == "" {
			return badConfig("s3 remote block store requires %s in config", key)
		}
	}
	if c, _ := config["compression"].(map[string]any); c != nil {
		if algo, _ := c["algo"].(string); algo != "" && algo != "zstd" && algo != "lz4" {
			return badConfig("compression.algo: unsupported value %q (want zstd or lz4)", algo)
		}
	}
	if n, ok := config["parallel_uploads"].(float64); ok && (n < 0 || n > 256) {
		return badConfig("parallel_uploads: must be between 0 and 256 (got %v)", n)
	}
	endpoint, _ := config["endpoint"].(string)
	allow, _ := config["allow_private_endpoint"].(bool)
	return checkEndpoint(endpoint, allow)
}

// checkEndpoint refuses private addresses unless they are allowed, and
// link-local ones always.
func checkEndpoint(endpoint string, allowPrivate bool) error {
	host := hostOf(endpoint)
	for _, ip := range resolve(host) {
		switch {
		case ip.IsLinkLocalUnicast():
			return badConfig("s3 block store: unsafe endpoint: host %q resolves to link-local address %s (cloud metadata)", host, ip)
		case (ip.IsPrivate() || ip.IsLoopback()) && !allowPrivate:
			return badConfig("s3 block store: unsafe endpoint: host %q resolves to private/internal address %s "+
				"(set allow_private_endpoint=true to permit)", host, ip)
		}
	}
	return nil
}

// hostOf is "" when the endpoint names no host.
func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// resolve finds no address for a host that is unknown, or "".
func resolve(host string) (out []netip.Addr) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}
	}
	names, _ := net.LookupHost(host)
	for _, name := range names {
		if ip, err := netip.ParseAddr(name); err == nil {
			out = append(out, ip)
		}
	}
	return out
}
