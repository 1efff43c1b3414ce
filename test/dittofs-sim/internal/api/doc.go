// Package api is the REST contract: routes, token and role checks, and one
// file of handlers per group of end points.
package api
