package api

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/faults"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/token"
)

// Server is the REST API.
type Server struct {
	engine *engine.Engine
	db     *state.Store
	cfg    *config.Config
	faults *faults.Source
	secret string
	router *router
}

// New makes the API of an engine.
func New(e *engine.Engine) *Server {
	s := &Server{
		engine: e, db: e.DB, cfg: e.Config, faults: e.Faults,
		secret: e.Config.String("controlplane.jwt.secret"), router: newRouter(),
	}
	for _, add := range []func(*router){
		s.healthRoutes, s.authRoutes, s.userRoutes, s.groupRoutes, s.adapterRoutes, s.adapterSettingsRoutes,
		s.netgroupRoutes, s.metadataRoutes, s.blockRoutes, s.shareRoutes, s.permissionRoutes, s.nfsConfigRoutes,
		s.quotaRoutes, s.trashRoutes, s.snapshotRoutes, s.policyRoutes, s.statsRoutes, s.jobRoutes, s.systemRoutes,
		s.clientRoutes, s.settingRoutes, s.identityRoutes,
	} {
		add(s.router)
	}
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.misbehave(w, r) {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(os.Stderr, "panic serving %s %s: %v\n", r.Method, r.URL.Path, v)
			w.WriteHeader(http.StatusInternalServerError)
		}
	}()
	m := s.router.find(r.Method, requestPath(r))
	need := levelAnyone
	switch {
	case m.route != nil:
		need = m.route.level
	case m.inGroup:
		need = levelAdmin
	}
	claims, passed := s.authorize(w, r, need)
	if !passed {
		return
	}
	switch {
	case m.route != nil:
		c := &call{Server: s, w: w, r: r, params: m.params, claims: claims}
		if err := s.databaseError(m.route); err != nil {
			c.send(nil, err)
			return
		}
		c.send(m.route.handle(c))
	case len(m.allowed) > 0:
		w.Header().Set("Allow", strings.Join(m.allowed, ", "))
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		http.NotFound(w, r)
	}
}

// authorize runs the checks that come before every handler; their errors are
// text/plain.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request, need level) (*token.Claims, bool) {
	if need == levelAnyone {
		return nil, true
	}
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || value == "" {
		problem.Text(w, http.StatusUnauthorized, "Authorization header required")
		return nil, false
	}
	claims, err := token.Parse(s.secret, token.Access, value)
	if err != nil {
		problem.Text(w, http.StatusUnauthorized, "Invalid or expired token")
		return nil, false
	}
	if claims.MustChange && need != levelSelf {
		problem.Text(w, http.StatusForbidden, fmt.Sprintf("account %q must set a new password before performing other "+
			"operations; run 'dfsctl user change-password' (as %q) to set one", claims.Username, claims.Username))
		return nil, false
	}
	if need == levelAdmin && claims.Role != "admin" {
		problem.Text(w, http.StatusForbidden, "Admin access required")
		return nil, false
	}
	if need == levelOperator && claims.Role != "admin" && claims.Role != "operator" {
		problem.Text(w, http.StatusForbidden, "Insufficient permissions")
		return nil, false
	}
	return claims, true
}
