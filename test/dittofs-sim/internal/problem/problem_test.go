package problem

import (
	"net/http/httptest"
	"testing"
)

func TestWrite(t *testing.T) {
	w := httptest.NewRecorder()
	Write(w, NotFound("no %s", "share"))
	want := `{"type":"about:blank","title":"Not Found","status":404,"detail":"no share"}` + "\n"
	if w.Code != 404 || w.Body.String() != want || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	Text(w, 401, "Authorization header required")
	if w.Body.String() != "Authorization header required\n" || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%s", w.Body)
	}
}
