package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/token"
)

const maxBody = 1 << 20

// call is one request on its way through a handler.
type call struct {
	*Server
	w      http.ResponseWriter
	r      *http.Request
	params map[string]string
	claims *token.Claims
}

// reply is what a handler answers.
type reply struct {
	status   int
	body     any
	location string
}

func ok(body any) (*reply, error)      { return &reply{status: http.StatusOK, body: body}, nil }
func created(body any) (*reply, error) { return &reply{status: http.StatusCreated, body: body}, nil }
func accepted(body any, location string) (*reply, error) {
	return &reply{status: http.StatusAccepted, body: body, location: location}, nil
}
func noContent() (*reply, error) { return &reply{status: http.StatusNoContent}, nil }

// answer is ok when err is nil.
func answer(body any, err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	return ok(body)
}

// done is noContent when err is nil.
func done(err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	return noContent()
}

// decode reads the body; most end points hide the parser's text.
func (c *call) decode(v any) error {
	err := c.parse(v)
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &tooLarge):
		return problem.New(http.StatusRequestEntityTooLarge, "request body exceeds the 1 MiB limit")
	}
	return problem.BadRequest("Invalid request body")
}

// decodeOptional reads a body that may be missing; these end points show the
// parser's text.
func (c *call) decodeOptional(v any) error {
	if err := c.parse(v); err != nil && !errors.Is(err, io.EOF) {
		return problem.BadRequest("invalid request body: %s", err)
	}
	return nil
}

func (c *call) parse(v any) error {
	return json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, maxBody)).Decode(v)
}

// share is the share name of the path, with its leading slash.
func (c *call) share() (string, error) {
	name, err := url.PathUnescape(c.params["name"])
	if err != nil {
		name = c.params["name"]
	}
	name = strings.TrimPrefix(name, "/")
	if name == "" {
		return "", problem.BadRequest("Share name is required")
	}
	return "/" + name, nil
}

// errSent tells send that the handler wrote its own answer.
var errSent = errors.New("answer was sent")

func (c *call) send(rep *reply, err error) {
	var p *problem.Error
	switch {
	case errors.Is(err, errSent):
		return
	case errors.As(err, &p):
		problem.Write(c.w, p)
		return
	case err != nil:
		problem.Write(c.w, problem.Internal("Internal server error"))
		return
	}
	if rep.location != "" {
		c.w.Header().Set("Location", rep.location)
	}
	if rep.status == http.StatusNoContent {
		c.w.WriteHeader(rep.status)
		return
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(rep.status)
	_ = json.NewEncoder(c.w).Encode(rep.body)
}
