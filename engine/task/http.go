package task

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
	"github.com/dittofs/dittofs-operator/engine/plan"
)

// maxAnswer bounds how much of an answer is read, in bytes.
const maxAnswer = 1 << 20

// http makes the call of an Http task and judges the answer.
func (e *Executor) http(ctx context.Context, r Request) Result {
	h := r.Task.Http
	ep := r.Program.Kind.Endpoint(h.Endpoint)
	c, err := e.prepare(ctx, r, ep)
	if err != nil {
		return transient("EndpointNotFound", sentence("endpoint "+ep.Name, err))
	}
	request, unless, err := renderCall(r, h)
	if err != nil {
		return terminal("RenderFailed", err.Error())
	}
	timeout := h.Timeout.Duration
	if timeout == 0 {
		timeout = api.DefaultHTTPTimeout
	}
	result := e.Calls.try(r.instance(), r.callKey(), timeout, func(ctx context.Context) Result {
		return c.call(ctx, h, r.expressions(), request, unless)
	})
	result.InFlight = result.Reason == ReasonCalling && OneShot(r.Task)
	return result
}

// OneShot says whether a task may not be tried twice without thought: a call by a method that is
// not idempotent (RFC 9110, 9.2.2).
func OneShot(t *api.Task) bool {
	return t.Kind == api.TaskHttp && (t.Http.Method == http.MethodPost || t.Http.Method == http.MethodPatch)
}

// outgoing is a rendered request.
type outgoing struct {
	method, path string
	body         []byte
}

// renderCall renders path and body of the call and of the look before it.
func renderCall(r Request, h *api.HttpSpec) (call outgoing, unless *outgoing, err error) {
	call.method = h.Method
	if call.method == "" {
		call.method = http.MethodGet
	}
	set := r.Program.Templates
	if call.path, err = set.Text("path of task "+r.Task.Name, h.Path, r.Context); err != nil {
		return call, nil, err
	}
	if h.Body != "" {
		value, err := set.Value("body of task "+r.Task.Name, h.Body, r.Context)
		if err != nil {
			return call, nil, err
		}
		if call.body, err = json.Marshal(value); err != nil {
			return call, nil, fmt.Errorf("body of task %s: %w", r.Task.Name, err)
		}
	}
	if h.Unless == nil {
		return call, nil, nil
	}
	path, err := set.Text("unless.path of task "+r.Task.Name, h.Unless.Path, r.Context)
	return call, &outgoing{method: http.MethodGet, path: path}, err
}

// call looks first where told to, sends the request, and judges the answer.
func (c *caller) call(ctx context.Context, h *api.HttpSpec, x *compiled, request outgoing, unless *outgoing) Result {
	if unless != nil {
		a, err := c.send(ctx, *unless)
		if err != nil {
			return c.unreachable(err)
		}
		if is, err := x.unless.Bool(a.vars()); err == nil && is {
			return withOutputs(done(), x.outputs, a.vars())
		}
	}
	a, err := c.send(ctx, request)
	if err != nil {
		return c.unreachable(err)
	}
	return judgeAnswer(h, x, request, a)
}

// judgeAnswer says what an answer means for the task.
func judgeAnswer(h *api.HttpSpec, x *compiled, request outgoing, a *answer) Result {
	what := fmt.Sprintf("%s %s answered %d%s", request.method, request.path, a.status, a.detail())
	if x.failed != nil {
		if failed, err := x.failed.Bool(a.vars()); err == nil && failed {
			return terminal("AnswerFailed", what)
		}
	}
	if !expected(h.Expect, a.status) {
		if a.status >= 500 || a.status == http.StatusTooManyRequests {
			return transient("ServerError", what)
		}
		return terminal("UnexpectedAnswer", what)
	}
	if x.ready != nil {
		ready, err := x.ready.Bool(a.vars())
		if err != nil && !expr.IsMissing(err) {
			return terminal("InvalidExpression", fmt.Sprintf("%s: %v", what, err))
		}
		if !ready {
			return waiting("AnswerNotReady", what+x.notYet()).again(poll / 4)
		}
	}
	return withOutputs(Result{Outcome: plan.Done}, x.outputs, a.vars())
}

// notYet says what the answer is not yet.
func (x *compiled) notYet() string {
	if x.message != "" {
		return "; " + x.message
	}
	return ", not yet what is waited for"
}

func expected(codes []int, status int) bool {
	if len(codes) == 0 {
		return status/100 == 2
	}
	return slices.Contains(codes, status)
}

// answer is what came back.
type answer struct {
	status int
	text   string
	body   any
}

func (a *answer) vars() expr.Vars {
	return expr.Vars{"status": int64(a.status), "body": a.body, "text": a.text}
}

// detail is what a problem+json answer says about itself.
func (a *answer) detail() string {
	m, _ := a.body.(map[string]any)
	for _, key := range []string{"detail", "title", "message", "error"} {
		if s, ok := m[key].(string); ok && s != "" {
			return ": " + s
		}
	}
	return ""
}

// send sends one request and reads its answer, at most maxAnswer bytes.
func (c *caller) roundTrip(ctx context.Context, o outgoing, token string) (*answer, error) {
	var body io.Reader
	if o.body != nil {
		body = bytes.NewReader(o.body)
	}
	req, err := http.NewRequestWithContext(ctx, o.method, c.base+o.path, body)
	if err != nil {
		return nil, err
	}
	if o.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	a := &answer{status: resp.StatusCode, text: string(data)}
	if media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); strings.HasSuffix(media, "json") && len(data) > 0 {
		if err := json.Unmarshal(data, &a.body); err != nil {
			return nil, fmt.Errorf("the answer claims to be JSON and is not: %w", err)
		}
	}
	return a, nil
}

func (c *caller) unreachable(err error) Result {
	return transient("Unreachable", fmt.Sprintf("endpoint %s (%s) cannot be reached: %v", c.endpoint, c.base, cause(err)))
}

// cause strips the URL and the operation that net errors repeat.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func sentence(what string, err error) string { return what + ": " + err.Error() }
