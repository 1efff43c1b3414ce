package dittofs

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// server is as much of the REST API as a share needs; existing holds paths that answer 200.
func server(t *testing.T, existing ...string) (*Client, *[]string) {
	t.Helper()
	var changes []string
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/auth/login":
			fmt.Fprint(w, `{"access_token": "t"}`)
		case r.Header.Get("Authorization") != "Bearer t":
			http.Error(w, "Authorization header required", http.StatusUnauthorized)
		case r.Method == http.MethodGet && !slices.Contains(existing, r.URL.Path):
			http.Error(w, "not found", http.StatusNotFound)
		case r.Method != http.MethodGet:
			changes = append(changes, r.Method+" "+r.URL.Path)
		}
	}
	s := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(s.Close)
	return &Client{base: s.URL}, &changes
}

func TestMakeShareCreatesWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		existing, want []string
	}{
		"nothing there": {nil, []string{
			"POST /store/metadata", "POST /store/block/local", "POST /shares", "PATCH /shares/export/adapters/nfs/config",
		}},
		"all there": {[]string{"/store/metadata/tests", "/store/block/local/tests", "/shares/export"}, []string{
			"PATCH /shares/export/adapters/nfs/config",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			api, changes := server(t, c.existing...)
			if err := api.Login(t.Context(), "admin", "secret"); err != nil {
				t.Fatal(err)
			}
			if err := MakeShare(t.Context(), api, "export"); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(*changes, c.want) {
				t.Errorf("got %q, want %q", *changes, c.want)
			}
		})
	}
}

func TestMakeShareSaysWhatWasRefused(t *testing.T) {
	api, _ := server(t)
	err := MakeShare(t.Context(), api, "export")
	var got *refused
	if !errors.As(err, &got) || got.status != http.StatusUnauthorized || !strings.Contains(err.Error(), "/store/metadata/tests") {
		t.Errorf("got %v, want a refusal with the path", err)
	}
}
