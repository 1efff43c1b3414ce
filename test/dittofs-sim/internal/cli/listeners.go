package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/metrics"
)

// listener is an HTTP server with or without TLS.
type listener struct{ http *http.Server }

func (l *listener) run() error {
	var err error
	if l.http.TLSConfig != nil {
		err = l.http.ListenAndServeTLS("", "")
	} else {
		err = l.http.ListenAndServe()
	}
	if errors.Is(err, http.ErrServerClosed) {
		select {} // stop decides about the end
	}
	return err
}

// stop ends the server; requests that do not finish are cut off.
func (l *listener) stop(limit time.Duration) {
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if l.http.Shutdown(ctx) != nil {
		_ = l.http.Close()
	}
}

func address(cfg *config.Config, section string) string {
	return net.JoinHostPort(cfg.String(section+".host"), strconv.Itoa(cfg.Int(section+".port")))
}

func newAPI(cfg *config.Config, handler http.Handler) (*listener, error) {
	tlsConfig, err := tlsConfig(cfg, "controlplane.tls")
	if err != nil {
		return nil, fmt.Errorf("failed to create API server: failed to configure TLS: %w", err)
	}
	return &listener{&http.Server{
		Addr: address(cfg, "controlplane"), Handler: handler, TLSConfig: tlsConfig,
		ReadTimeout: cfg.Duration("controlplane.read_timeout"), WriteTimeout: cfg.Duration("controlplane.write_timeout"),
		IdleTimeout: cfg.Duration("controlplane.idle_timeout"),
	}}, nil
}

func newMetrics(cfg *config.Config, version string) (*listener, error) {
	if !cfg.Bool("metrics.enabled") {
		return nil, nil
	}
	token := ""
	if cfg.String("metrics.auth") == "token" {
		text, err := os.ReadFile(cfg.String("metrics.token_file"))
		if err != nil {
			return nil, fmt.Errorf("read metrics token file: %w", err)
		}
		token = strings.TrimSpace(string(text))
	}
	tlsConfig, err := tlsConfig(cfg, "metrics.tls")
	if err != nil {
		return nil, err
	}
	return &listener{&http.Server{
		Addr: address(cfg, "metrics"), Handler: metrics.Handler(cfg.String("metrics.path"), token, version),
		TLSConfig: tlsConfig,
	}}, nil
}

// tlsConfig is nil when TLS is off. Certificates are read again when their
// file has changed; the client CA is read once.
func tlsConfig(cfg *config.Config, section string) (*tls.Config, error) {
	cert, key := cfg.String(section+".cert_file"), cfg.String(section+".key_file")
	if cert == "" {
		return nil, nil
	}
	for name, file := range map[string]string{"cert": cert, "key": key} {
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("stat TLS %s file %s: %w", name, file, err)
		}
	}
	if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
		return nil, err
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(cert, key)
		return &pair, err
	}}
	if cfg.String(section+".min_version") == "1.3" {
		out.MinVersion = tls.VersionTLS13
	}
	if ca := cfg.String(section + ".client_ca"); ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return nil, fmt.Errorf("read client CA: %w", err)
		}
		out.ClientCAs, out.ClientAuth = x509.NewCertPool(), tls.RequireAndVerifyClientCert
		out.ClientCAs.AppendCertsFromPEM(text)
	}
	return out, nil
}

// checkDatabase reaches for a PostgreSQL control plane by TCP.
func checkDatabase(cfg *config.Config) error {
	if cfg.String("database.type") != "postgres" {
		return nil
	}
	addr := net.JoinHostPort(cfg.String("database.postgres.host"), strconv.Itoa(cfg.Int("database.postgres.port")))
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return fmt.Errorf("failed to initialize control plane store: failed to connect to database: failed to connect to "+
			"`user=%s database=%s`: %s (%s): dial error: %w", cfg.String("database.postgres.user"),
			cfg.String("database.postgres.database"), addr, cfg.String("database.postgres.host"), err)
	}
	return conn.Close()
}
