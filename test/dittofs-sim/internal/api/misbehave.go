package api

import (
	"net/http"
	"strings"
	"time"
)

// misbehave applies the API switches; it returns true when the request is
// dealt with.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request) bool {
	set := s.faults.Get()
	if set.NotReady && strings.HasPrefix(r.URL.Path, "/health/ready") {
		http.Error(w, "not ready on request of the test", http.StatusServiceUnavailable)
		return true
	}
	if set.API == "" || !strings.Contains(r.URL.Path, set.APIPath) {
		return false
	}
	switch set.API {
	case "503":
		http.Error(w, "unavailable on request of the test", http.StatusServiceUnavailable)
	case "hang":
		select {
		case <-r.Context().Done():
		case <-time.After(time.Hour):
		}
	case "garbage":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status": "healthy", "data": [}`))
	default:
		return false
	}
	return true
}
