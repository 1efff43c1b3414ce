package bed

import (
	"net/http"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/client-go/rest"
)

// Call is one request to the API server.
type Call struct {
	At time.Time
	// Verb is the Kubernetes verb, such as patch or list.
	Verb                             string
	Resource, Sub, Namespace, Object string
}

// Write says whether the call asks for a change.
func (c Call) Write() bool {
	switch c.Verb {
	case "get", "list", "watch":
		return false
	}
	return true
}

// Event says whether the call is about an Event, which tells people and changes nothing.
func (c Call) Event() bool { return c.Resource == "events" }

// Recorder keeps the calls of the clients that it is wrapped around.
type Recorder struct {
	// told, when set, is called with each call in place of keeping it.
	told func(Call)

	mu    sync.Mutex
	calls []Call
}

var requests = request.RequestInfoFactory{APIPrefixes: sets.NewString("api", "apis"), GrouplessAPIPrefixes: sets.NewString("api")}

// Wrap makes all clients of the configuration be recorded.
func (r *Recorder) Wrap(cfg *rest.Config) *rest.Config {
	cfg = rest.CopyConfig(cfg)
	cfg.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(q *http.Request) (*http.Response, error) {
			r.note(q)
			return next.RoundTrip(q)
		})
	})
	return cfg
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }

func (r *Recorder) note(q *http.Request) {
	now := time.Now()
	info, err := requests.NewRequestInfo(q)
	if err != nil || !info.IsResourceRequest {
		return
	}
	c := Call{now, info.Verb, info.Resource, info.Subresource, info.Namespace, info.Name}
	if r.told != nil {
		r.told(c)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, c)
}

// Take returns the calls since the last Take.
func (r *Recorder) Take() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.calls
	r.calls = nil
	return taken
}
