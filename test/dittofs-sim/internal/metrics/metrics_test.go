package metrics

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTokenAndBuildInfo(t *testing.T) {
	h := Handler("/metrics", "secret", "0.29.1")
	for header, want := range map[string]int{"": 401, "Bearer wrong": 401, "Bearer secret": 200} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.Header.Set("Authorization", header)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d, want %d", header, w.Code, want)
		}
		if want == 200 && !strings.Contains(w.Body.String(), `dittofs_build_info{commit="5c30c801",version="0.29.1"} 1`) {
			t.Error("no build info")
		}
	}
}
