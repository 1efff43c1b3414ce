package api

import (
	"net/http"
	"sort"
	"strings"
)

// level is who may call a route.
type level int

const (
	levelAnyone   level = iota // no token needed
	levelSelf                  // any token, even while a password change is forced
	levelUser                  // any token
	levelOperator              // role operator or admin
	levelAdmin                 // role admin
)

type handlerFunc func(c *call) (*reply, error)

type route struct {
	method  string
	pattern []string
	level   level
	handle  handlerFunc
}

// router matches like the real one: inside a known group the token check comes
// before 404 and 405, outside of one it does not.
type router struct {
	routes []route
	groups map[string]bool // prefixes
}

func newRouter() *router { return &router{groups: map[string]bool{}} }

// group leaves to administrators what is below prefix and no route.
func (rt *router) group(prefix string) { rt.groups[prefix] = true }

func (rt *router) add(l level, method, pattern string, h handlerFunc) {
	rt.routes = append(rt.routes, route{method, split(pattern), l, h})
}

func split(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// requestPath keeps escapes that are not in their default form, as chi does.
func requestPath(r *http.Request) string {
	if r.URL.RawPath != "" {
		return r.URL.RawPath
	}
	return r.URL.Path
}

type match struct {
	route   *route
	params  map[string]string
	allowed []string // methods, when the path is known and the method is not
	inGroup bool
}

func (rt *router) find(method, path string) match {
	m := match{}
	path = rt.trimGroupSlash(path)
	for prefix := range rt.groups {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			m.inGroup = true
		}
	}
	best := -1
	for i := range rt.routes {
		r := &rt.routes[i]
		params, literals, ok := fit(r.pattern, split(path))
		if !ok || literals < best {
			continue
		}
		if literals > best {
			best, m.route, m.allowed = literals, nil, nil
		}
		if r.method == method {
			m.route, m.params = r, params
		} else {
			m.allowed = append(m.allowed, r.method)
		}
	}
	sort.Strings(m.allowed)
	return m
}

// trimGroupSlash lets /api/v1/users/ mean /api/v1/users.
func (rt *router) trimGroupSlash(path string) string {
	trimmed := strings.TrimSuffix(path, "/")
	if rt.groups[trimmed] || trimmed == "/health" {
		return trimmed
	}
	return path
}

func fit(pattern, segments []string) (params map[string]string, literals int, ok bool) {
	if len(pattern) != len(segments) {
		return nil, 0, false
	}
	params = map[string]string{}
	for i, p := range pattern {
		if strings.HasPrefix(p, "{") {
			if segments[i] == "" {
				return nil, 0, false
			}
			params[strings.Trim(p, "{}")] = segments[i]
			continue
		}
		if p != segments[i] {
			return nil, 0, false
		}
		literals++
	}
	return params, literals, true
}
