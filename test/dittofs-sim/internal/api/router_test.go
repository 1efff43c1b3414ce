package api

import (
	"strings"
	"testing"
)

func TestRouter(t *testing.T) {
	rt := newRouter()
	rt.group("/api/v1/users")
	name := ""
	add := func(method, pattern string) {
		rt.add(levelAdmin, method, pattern, func(*call) (*reply, error) { name = method + pattern; return noContent() })
	}
	add("GET", "/api/v1/users")
	add("POST", "/api/v1/users")
	add("POST", "/api/v1/users/me/password")
	add("POST", "/api/v1/users/{user}/password")
	for _, c := range []struct{ method, path, route, allow string }{
		{"GET", "/api/v1/users", "GET/api/v1/users", ""},
		{"GET", "/api/v1/users/", "GET/api/v1/users", ""},
		{"PUT", "/api/v1/users", "", "GET, POST"},
		{"POST", "/api/v1/users/me/password", "POST/api/v1/users/me/password", ""},
		{"POST", "/api/v1/users/bob/password", "POST/api/v1/users/{user}/password", ""},
		{"POST", "/api/v1/users//password", "", ""},
		{"GET", "/api/v1/users/bob/", "", ""},
	} {
		name = ""
		m := rt.find(c.method, c.path)
		if m.route != nil {
			_, _ = m.route.handle(nil)
		}
		allow := strings.Join(m.allowed, ", ")
		if name != c.route || name == "" && allow != c.allow || !m.inGroup {
			t.Errorf("%s %s: got %q, allow %v, group %v", c.method, c.path, name, m.allowed, m.inGroup)
		}
	}
	if rt.find("GET", "/api/v1/usersx").inGroup {
		t.Error("a longer name is in the group")
	}
}
