package api

import (
	"net/http"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
)

// downTexts are the details of the 500 answers while the control-plane
// database is away, by the first segment of the path and the method. Routes
// that are not here were not recorded and say "Internal server error".
var downTexts = map[string]string{
	"POST /auth/login": "Authentication failed", "GET /auth/me": "Failed to fetch user",
	"GET /users": "Failed to list users", "GET /users/{user}": "Failed to get user", "POST /users": "Failed to create user",
	"GET /groups": "Failed to list groups", "GET /adapters": "Failed to list adapters",
	"GET /adapters/ports": "Failed to list adapters", "GET /adapters/{type}": "Failed to get adapter",
	"GET /adapters/{type}/status": "Failed to get adapter", "PUT /adapters/{type}": "Failed to get adapter",
	"GET /adapters/{type}/settings": "Failed to get adapter", "GET /store/metadata": "Failed to list metadata stores",
	"GET /store/metadata/{store}":        "Failed to get metadata store",
	"GET /store/metadata/{store}/status": "Failed to get metadata store",
	"GET /store/block/{kind}":            "Failed to list block stores", "GET /shares": "Failed to list shares",
	"GET /shares/{name}": "Failed to get share", "GET /shares/{name}/status": "Failed to get share",
	"PUT /shares/{name}": "Failed to get share", "POST /shares/{name}/disable": "Failed to disable share",
	"DELETE /shares/{name}": "Failed to delete share", "GET /shares/{name}/snapshots": "snapshot list failed",
	"POST /shares/{name}/snapshots": "snapshot create failed", "GET /snapshot-policies": "snapshot policy list failed",
	"GET /shares/{name}/permissions": "Failed to get share", "GET /shares/{name}/quotas": "Failed to list quotas",
	"GET /settings": "Failed to list settings",
}

// withoutDatabase are the routes that go on without the database. Creating a
// share is one: its 400 comes from the handler.
var withoutDatabase = map[string]bool{
	"GET /health": true, "GET /health/ready": true, "GET /": true, "POST /shares": true,
	"GET /shares/{name}/blockstore/stats": true, "GET /blockstore/stats": true, "POST /system/drain-uploads": true,
	"GET /clients": true, "GET /mounts": true,
}

// databaseError is the answer of a route while the database is away, or nil.
func (s *Server) databaseError(r *route) error {
	name := r.method + " " + strings.TrimPrefix("/"+strings.Join(r.pattern, "/"), "/api/v1")
	if withoutDatabase[name] || s.databaseUp() {
		return nil
	}
	if text := downTexts[name]; text != "" {
		return problem.New(http.StatusInternalServerError, "%s", text)
	}
	return problem.Internal("Internal server error")
}
