package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

// A Client speaks to one cluster as its administrator.
type Client struct {
	cluster layout.Cluster
	http    *http.Client
}

// New returns a client with the cluster's certificates.
func New(c layout.Cluster) (*Client, error) {
	own, err := tls.LoadX509KeyPair(filepath.Join(c.PKI(), "admin.crt"), filepath.Join(c.PKI(), "admin.key"))
	if err != nil {
		return nil, fmt.Errorf("read the administrator's certificate: %w", err)
	}
	authority, err := os.ReadFile(filepath.Join(c.PKI(), "ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, errors.New("ca.crt holds no certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{own}}}
	return &Client{c, &http.Client{Transport: transport, Timeout: 3 * time.Second}}, nil
}

// get reads path into out, or only checks that the answer is 200 when out is nil.
func (a *Client) get(ctx context.Context, path string, out any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.cluster.Server()+path, nil)
	if err != nil {
		return err
	}
	answer, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s: %.300s", path, answer.Status, body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(body, out)
}

// Ready returns nil when the API server says it is ready.
func (a *Client) Ready(ctx context.Context) error { return a.get(ctx, "/readyz", nil) }

// WaitReady waits until the API server is ready.
func (a *Client) WaitReady(ctx context.Context) error {
	return Poll(ctx, func() error { return a.Ready(ctx) })
}

// NodesReady returns nil when the cluster's nodes have reported themselves ready,
// those in since after that moment.
func (a *Client) NodesReady(ctx context.Context, since map[int]time.Time) error {
	for node := range a.cluster.Nodes {
		var got nodeObject
		if err := a.get(ctx, "/api/v1/nodes/"+a.cluster.NodeName(node), &got); err != nil {
			return err
		}
		if err := got.ready(since[node]); err != nil {
			return fmt.Errorf("node %s: %w", a.cluster.NodeName(node), err)
		}
	}
	return nil
}

// DNSAnswers returns nil when the cluster's DNS, asked through its Service, knows
// the cluster's API: then Pods run and Services reach them.
func (a *Client) DNSAnswers(ctx context.Context) error {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", net.JoinHostPort(a.cluster.DNSService(), "53"))
	}}
	ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	got, err := resolver.LookupHost(ctx, "kubernetes.default.svc.cluster.local.")
	if err == nil && got[0] != a.cluster.APIService() {
		err = fmt.Errorf("the DNS says the API is at %s, it is at %s", got[0], a.cluster.APIService())
	}
	return err
}

// Poll calls check every 100 ms until it returns nil. When ctx ends first, the
// error is the last that check returned.
func Poll(ctx context.Context, check func() error) error {
	for {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
