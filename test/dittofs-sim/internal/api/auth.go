package api

import (
	"errors"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/token"
)

func (s *Server) authRoutes(rt *router) {
	rt.add(levelAnyone, "POST", "/api/v1/auth/login", (*call).login)
	rt.add(levelAnyone, "POST", "/api/v1/auth/refresh", (*call).refresh)
	rt.add(levelSelf, "GET", "/api/v1/auth/me", (*call).me)
	rt.add(levelSelf, "POST", "/api/v1/users/me/password", (*call).changeOwnPassword)
}

// HashPassword checks the length rules and hashes. The cheapest cost is used,
// because nothing here needs protection.
func HashPassword(password string) (string, error) {
	switch {
	case len(password) < 8:
		return "", errors.New("password must be at least 8 characters")
	case len(password) > 72:
		return "", errors.New("password must be at most 72 characters")
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	return string(hash), err
}

func matches(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}

type tokenPair struct {
	AccessToken  string     `json:"access_token"`
	RefreshToken string     `json:"refresh_token"`
	TokenType    string     `json:"token_type"`
	ExpiresIn    int64      `json:"expires_in"`
	ExpiresAt    time.Time  `json:"expires_at"`
	User         state.User `json:"user"`
}

func (s *Server) issue(u state.User) tokenPair {
	life := s.cfg.Duration("controlplane.jwt.access_token_duration")
	claims := token.Claims{UserID: u.ID, Username: u.Username, Role: u.Role, MustChange: u.MustChange}
	access, refresh := claims, claims
	access.Kind, refresh.Kind = token.Access, token.Refresh
	return tokenPair{
		AccessToken:  token.Sign(s.secret, access, life),
		RefreshToken: token.Sign(s.secret, refresh, s.cfg.Duration("controlplane.jwt.refresh_token_duration")),
		TokenType:    "Bearer", ExpiresIn: int64(life.Seconds()), ExpiresAt: time.Now().UTC().Add(life), User: u.Public(),
	}
}

func (c *call) login() (*reply, error) {
	var in struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Username == "" || in.Password == "" {
		return nil, problem.BadRequest("Username and password are required")
	}
	u := c.findUser(in.Username)
	if u == nil || !matches(u.PasswordHash, in.Password) {
		return nil, problem.Unauthorized("Invalid username or password")
	}
	if !u.Enabled {
		return nil, problem.Forbidden("User account is disabled")
	}
	now := state.Now()
	err := c.updateUser(in.Username, func(u *state.User) { u.LastLogin = &now })
	if err != nil {
		return nil, err
	}
	return ok(c.issue(*c.findUser(in.Username)))
}

func (c *call) refresh() (*reply, error) {
	var in struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.RefreshToken == "" {
		return nil, problem.BadRequest("Refresh token is required")
	}
	claims, err := token.Parse(c.secret, token.Refresh, in.RefreshToken)
	if errors.Is(err, token.ErrExpired) {
		return nil, problem.Unauthorized("Refresh token has expired")
	}
	if err != nil {
		return nil, problem.Unauthorized("Invalid refresh token")
	}
	u := c.findUser(claims.Username)
	switch {
	case u == nil:
		return nil, problem.Unauthorized("User not found")
	case !u.Enabled:
		return nil, problem.Forbidden("User account is disabled")
	}
	return ok(c.issue(*u))
}

func (c *call) me() (*reply, error) {
	u := c.findUser(c.claims.Username)
	if u == nil {
		return nil, problem.Unauthorized("User not found")
	}
	return ok(u.Public())
}

func (c *call) changeOwnPassword() (*reply, error) {
	var in struct {
		Current string `json:"current_password"`
		New     string `json:"new_password"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.New) == "" {
		return nil, problem.BadRequest("New password is required")
	}
	u := c.findUser(c.claims.Username)
	if u == nil {
		return nil, problem.Unauthorized("User not found")
	}
	if !c.claims.MustChange {
		if in.Current == "" {
			return nil, problem.BadRequest("Current password is required")
		}
		if !matches(u.PasswordHash, in.Current) {
			return nil, problem.Unauthorized("Current password is incorrect")
		}
	}
	hash, err := HashPassword(in.New)
	if err != nil {
		return nil, problem.Internal("Failed to hash password")
	}
	err = c.updateUser(u.Username, func(u *state.User) { u.PasswordHash, u.MustChange = hash, false })
	if err != nil {
		return nil, err
	}
	return ok(c.issue(*c.findUser(u.Username)))
}
