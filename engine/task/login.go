package task

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

// caller speaks to one endpoint of one instance.
type caller struct {
	endpoint, base string
	client         *http.Client
	login          *api.Login
	programs       *login
	// credentials reads the Secret that the login needs.
	credentials func(context.Context) (map[string][]byte, error)
	tokens      *tokens
	now         func() time.Time
}

// httpClient never follows redirects: an answer comes from the endpoint or not at all.
var httpClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{
		// A call may take minutes, and a server that is gone must not cost as much: its address may answer nothing.
		DialContext: (&net.Dialer{Timeout: api.DefaultDialTimeout}).DialContext,
		Proxy:       nil, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second, DisableCompression: true,
	},
}

// prepare resolves the endpoint and renders what its login needs.
func (e *Executor) prepare(ctx context.Context, r Request, ep *api.Endpoint) (*caller, error) {
	addr, err := e.target(ctx, r, ep)
	if err != nil {
		return nil, err
	}
	c := &caller{endpoint: ep.Name, base: "http://" + addr, client: httpClient, login: ep.Login, tokens: &e.Calls.tokens, now: e.Calls.now}
	if ep.Login == nil {
		return c, nil
	}
	name, err := r.Program.Templates.Text("login.secret of endpoint "+ep.Name, ep.Login.Secret, r.Context)
	if err != nil {
		return nil, err
	}
	c.programs = r.Program.logins[ep.Name]
	c.credentials = func(ctx context.Context) (map[string][]byte, error) {
		var s corev1.Secret
		if err := e.Secrets.Get(ctx, client.ObjectKey{Namespace: r.Context.Namespace, Name: name}, &s); err != nil {
			return nil, fmt.Errorf("get Secret %s with the credentials: %w", name, err)
		}
		return s.Data, nil
	}
	return c, nil
}

// send sends a request with a token where the endpoint wants one. A refused token is got anew once.
func (c *caller) send(ctx context.Context, o outgoing) (*answer, error) {
	if c.login == nil {
		return c.roundTrip(ctx, o, "")
	}
	token, fresh, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	a, err := c.roundTrip(ctx, o, token)
	if err != nil || a.status != http.StatusUnauthorized || fresh {
		return a, err
	}
	c.tokens.drop(c.base)
	if token, _, err = c.token(ctx); err != nil {
		return nil, err
	}
	return c.roundTrip(ctx, o, token)
}

// token returns a bearer token, from memory or by a login.
func (c *caller) token(ctx context.Context) (value string, fresh bool, err error) {
	if t, ok := c.tokens.get(c.base, c.now()); ok {
		return t, false, nil
	}
	data, err := c.credentials(ctx)
	if err != nil {
		return "", false, err
	}
	body, err := c.loginBody(data)
	if err != nil {
		return "", false, err
	}
	a, err := c.roundTrip(ctx, outgoing{method: http.MethodPost, path: c.login.Path, body: body}, "")
	if err != nil {
		return "", false, err
	}
	if a.status/100 != 2 {
		return "", false, fmt.Errorf("login at %s answered %d%s", c.login.Path, a.status, a.detail())
	}
	value, err = c.programs.token.String(expr.Vars{"body": a.body})
	if err != nil {
		return "", false, fmt.Errorf("login at %s: the answer holds no token: %w", c.login.Path, err)
	}
	c.tokens.put(c.base, value, c.now().Add(c.life(a)))
	return value, true, nil
}

// loginBody fills the login's body from the Secret.
func (c *caller) loginBody(data map[string][]byte) ([]byte, error) {
	body := map[string]string{}
	for field, value := range c.login.Body {
		if key, ok := strings.CutPrefix(value, "secret:"); ok {
			secret, ok := data[key]
			if !ok {
				return nil, fmt.Errorf("the Secret with the credentials has no key %s", key)
			}
			value = string(secret)
		}
		body[field] = value
	}
	return json.Marshal(body)
}

// life is how long a token may be used: nine tenths of what the answer says, or one minute.
func (c *caller) life(a *answer) time.Duration {
	if c.programs.expires == nil {
		return time.Minute
	}
	v, ok, err := c.programs.expires.Value(expr.Vars{"body": a.body})
	if err != nil || !ok {
		return time.Minute
	}
	switch n := v.(type) {
	case int64:
		return time.Duration(n) * time.Second * 9 / 10
	case float64:
		return time.Duration(n * 0.9 * float64(time.Second))
	}
	return time.Minute
}

// tokens remembers bearer tokens by endpoint. It never leaves memory.
type tokens struct {
	mu sync.Mutex
	m  map[string]token
}

type token struct {
	value string
	until time.Time
}

func (t *tokens) get(key string, now time.Time) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tok, ok := t.m[key]
	return tok.value, ok && now.Before(tok.until)
}

func (t *tokens) put(key, value string, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.m[key] = token{value, until}
}

func (t *tokens) drop(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.m, key)
}
