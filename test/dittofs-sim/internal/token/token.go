package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Kinds of tokens.
const (
	Access  = "access"
	Refresh = "refresh"
)

// ErrInvalid is returned for a token that is not ours, ErrExpired for one
// whose time is over.
var (
	ErrInvalid = errors.New("invalid token")
	ErrExpired = errors.New("token has expired")
)

// Claims is the content of a token.
type Claims struct {
	ID         string `json:"jti"`
	Kind       string `json:"typ"`
	UserID     string `json:"sub"`
	Username   string `json:"username"`
	Role       string `json:"role"`
	MustChange bool   `json:"must_change_password"`
	IssuedAt   int64  `json:"iat"`
	ExpiresAt  int64  `json:"exp"`
}

var header = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))

// Sign makes a token that is valid for the given time.
func Sign(secret string, c Claims, validFor time.Duration) string {
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	now := time.Now()
	c.ID = hex.EncodeToString(id)
	c.IssuedAt = now.UnixMilli()
	c.ExpiresAt = now.Add(validFor).UnixMilli()
	payload, _ := json.Marshal(c)
	body := header + "." + base64.RawURLEncoding.EncodeToString(payload)
	return body + "." + sum(secret, body)
}

// Parse checks signature, kind and time of a token.
func Parse(secret, kind, text string) (*Claims, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || !hmac.Equal([]byte(sum(secret, parts[0]+"."+parts[1])), []byte(parts[2])) {
		return nil, ErrInvalid
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, ErrInvalid
	}
	var c Claims
	if json.Unmarshal(payload, &c) != nil || c.Kind != kind {
		return nil, ErrInvalid
	}
	if time.Now().UnixMilli() >= c.ExpiresAt {
		return nil, ErrExpired
	}
	return &c, nil
}

func sum(secret, body string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(body))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
