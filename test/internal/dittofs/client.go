package dittofs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Client speaks to a DittoFS server's REST API.
type Client struct {
	base, token string
}

// refused is an answer that is not a success.
type refused struct {
	what   string
	status int
	text   string
}

func (r *refused) Error() string { return fmt.Sprintf("%s: %d %s", r.what, r.status, r.text) }

// Login gets the token that later calls carry.
func (c *Client) Login(ctx context.Context, user, password string) error {
	var answer struct {
		Token string `json:"access_token"`
	}
	err := c.call(ctx, http.MethodPost, "/auth/login", map[string]any{"username": user, "password": password}, &answer)
	c.token = answer.Token
	return err
}

// ensure creates an object in a collection unless it is there.
func (c *Client) ensure(ctx context.Context, collection, name string, body map[string]any) error {
	err := c.call(ctx, http.MethodGet, collection+"/"+name, nil, nil)
	var missing *refused
	if !errors.As(err, &missing) || missing.status != http.StatusNotFound {
		return err
	}
	fmt.Printf("creating %s/%s\n", collection, name)
	return c.call(ctx, http.MethodPost, collection, body, nil)
}

// Get decodes what the server says at a path below /api/v1 into answer.
func (c *Client) Get(ctx context.Context, path string, answer any) error {
	return c.call(ctx, http.MethodGet, path, nil, answer)
}

// call sends body as JSON and decodes the answer into answer, where they are not nil.
func (c *Client) call(ctx context.Context, method, path string, body map[string]any, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	sent, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode the body of %s %s: %w", method, path, err)
	}
	if body == nil {
		sent = nil
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	received, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	if response.StatusCode >= 300 {
		return &refused{method + " " + path, response.StatusCode, string(received)}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(received, answer)
}
