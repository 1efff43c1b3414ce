package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const minimal = `logging:
  level: INFO
  format: json
  output: stdout
database:
  type: sqlite
  sqlite:
    path: DIR/controlplane/controlplane.db
controlplane:
  host: 127.0.0.1
  port: 0
`

// capture runs a command and returns its exit code, stdout and stderr.
func capture(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	read := func(target **os.File) func() string {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		old := *target
		*target = w
		text := make(chan string)
		go func() {
			var b bytes.Buffer
			_, _ = io.Copy(&b, r)
			text <- b.String()
		}()
		return func() string {
			*target = old
			_ = w.Close()
			return <-text
		}
	}
	out, errs := read(&os.Stdout), read(&os.Stderr)
	code = Main(args, "0.29.0")
	return code, out(), errs()
}

func configFile(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestValidate(t *testing.T) {
	t.Setenv("DITTOFS_CONTROLPLANE_SECRET", "0123456789012345678901234567890123456")
	for name, c := range map[string]struct {
		text, stdout, stderr string
		code                 int
	}{
		"valid":         {text: minimal, stdout: "Validation: OK\n"},
		"empty":         {text: "", stdout: "Validation: OK\n"},
		"unknown":       {text: minimal + "server:\n  port: 1\n", stdout: "OK", stderr: "WARNING: config contains unknown keys (ignored): server\n"},
		"unknown below": {text: minimal + "  bogus: 1\n", stdout: "OK", stderr: "(ignored): controlplane.bogus\n"},
		"level":         {text: "logging: {level: BOGUS}", code: 1, stderr: "Error: failed to load configuration: configuration validation failed: Config.Logging.Level: validation failed on 'oneof' tag (value: BOGUS)"},
		"port":          {text: "controlplane: {port: 99999}", code: 1, stderr: "Config.ControlPlane.Port: validation failed on 'max' tag (value: 99999)"},
		"port text":     {text: "controlplane: {port: http}", code: 1, stderr: "'controlplane.port' cannot parse value as 'int': strconv.ParseInt: invalid syntax"},
		"duration":      {text: "shutdown_timeout: soon", code: 1, stderr: "'shutdown_timeout' time: invalid duration \"soon\""},
		"database":      {text: "database: {type: mysql}", code: 1, stderr: "unsupported database type: mysql"},
		"postgres":      {text: "database: {type: postgres}", code: 1, stderr: "postgres host is required"},
		"tls":           {text: "controlplane: {tls: {cert_file: /x}}", code: 1, stderr: "controlplane.tls.cert_file is set but key_file is missing"},
		"token":         {text: "metrics: {auth: token}", code: 1, stderr: "metrics.auth is \"token\" but metrics.token_file is not set"},
		"gc":            {text: "gc: {grace_period: 1m}", code: 1, stderr: "gc.grace_period must be >= 5m to absorb server/S3 clock skew (got 1m0s)"},
		"not yaml":      {text: "a: [1", code: 1, stderr: "failed to read config file: While parsing config: yaml: line 1: did not find expected ',' or ']'"},
	} {
		code, stdout, stderr := capture(t, "config", "validate", "--config", configFile(t, c.text))
		if code != c.code || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%s: code %d\nstdout %s\nstderr %s", name, code, stdout, stderr)
		}
	}
}

func TestValidateWithoutSecret(t *testing.T) {
	_, stdout, _ := capture(t, "config", "validate", "--config", configFile(t, minimal))
	if !strings.Contains(stdout, "Validation: OK (with 1 warning(s))") {
		t.Error(stdout)
	}
	code, _, stderr := capture(t, "config", "validate", "--config", "/nonexistent/none.yaml")
	if code != 1 || !strings.Contains(stderr, "configuration file not found: /nonexistent/none.yaml") {
		t.Error(code, stderr)
	}
}

func TestStartRefuses(t *testing.T) {
	const secret = "0123456789012345678901234567890123456"
	for name, c := range map[string]struct {
		env, value, text, want string
		code                   int
	}{
		"short secret":   {"DITTOFS_CONTROLPLANE_SECRET", secret[:31], minimal, "JWT secret must be at least 32 characters", 1},
		"short password": {"DITTOFS_ADMIN_INITIAL_PASSWORD", "short-1", minimal, "failed to ensure admin user: failed to hash password: password must be at least 8 characters", 1},
		"bad directory":  {"X", "", strings.Replace(minimal, "DIR", "/proc/nope", 1), "failed to initialize control plane store: failed to create database directory: mkdir /proc/nope", 1},
		"postgres down":  {"DITTOFS_DATABASE_POSTGRES_PORT", "1", "database: {type: postgres, postgres: {host: 127.0.0.1, user: dfs, database: dfs}}", "failed to connect to `user=dfs database=dfs`: 127.0.0.1:1", 1},
		"exit code":      {"DITTOFS_SIM_EXIT_CODE", "78", minimal, "on request of the test", 78},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DITTOFS_CONTROLPLANE_SECRET", secret)
			t.Setenv("DITTOFS_ADMIN_INITIAL_PASSWORD", "Admin-dummy-1")
			t.Setenv(c.env, c.value)
			code, _, stderr := capture(t, "start", "--foreground", "--config", configFile(t, c.text))
			if code != c.code || !strings.Contains(stderr, c.want) {
				t.Errorf("code %d, stderr %s", code, stderr)
			}
		})
	}
}

func TestMigrateAndVersion(t *testing.T) {
	if code, _, stderr := capture(t, "migrate", "--config", configFile(t, minimal)); code != 0 {
		t.Error(code, stderr)
	}
	t.Setenv("DITTOFS_SIM_VERSION", "0.29.1")
	if _, _, stderr := capture(t, "version"); !strings.Contains(stderr, "dfs 0.29.1") {
		t.Error(stderr)
	}
}
