package metrics

import (
	"crypto/subtle"
	_ "embed"
	"fmt"
	"net/http"
	"strings"
)

//go:embed help.txt
var help string

const commit = "5c30c801"

// Handler serves path; token "" means no check.
func Handler(path, token, version string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		if token != "" && !authorized(r, token) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")
		_, _ = w.Write([]byte(render(version)))
	})
	return mux
}

func authorized(r *http.Request, token string) bool {
	_, got, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return subtle.ConstantTimeCompare([]byte(got), []byte(token)) == 1
}

// render prints all known HELP and TYPE lines and the samples that the
// stand-in can give.
func render(version string) string {
	sample := fmt.Sprintf("dittofs_build_info{commit=%q,version=%q} 1\n", commit, version)
	marker := "# TYPE dittofs_build_info gauge\n"
	return strings.Replace(help, marker, marker+sample, 1)
}
