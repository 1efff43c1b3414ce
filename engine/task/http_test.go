package task

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"context"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/render"
)

// bench calls an Http task of a kind with one endpoint against a server of the test's own.
type bench struct {
	executor *Executor
	kind     *api.Kind
}

func newBench(t *testing.T, handler http.Handler, login *api.Login) *bench {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "a-admin"}, Data: map[string][]byte{"password": []byte("hunter22")}}
	return &bench{
		kind: &api.Kind{Names: api.Names{Kind: "Lamp"}, Templates: map[string]string{}, Endpoints: []api.Endpoint{{Name: "api", Service: "{{ .Name }}-api", Port: "http", Login: login}}},
		executor: &Executor{
			Calls:   NewCalls(t.Context(), func(string) {}),
			Secrets: fake.NewClientBuilder().WithScheme(scheme.Scheme).WithObjects(secret).Build(),
			Resolve: func(_ context.Context, namespace, service, port string) (string, error) {
				if namespace+"/"+service+":"+port != "ns/a-api:http" {
					t.Errorf("resolved %s/%s:%s", namespace, service, port)
				}
				return strings.TrimPrefix(server.URL, "http://"), nil
			},
		},
	}
}

func (b *bench) call(t *testing.T, run string, spec *api.HttpSpec) Result {
	t.Helper()
	spec.Endpoint = "api"
	b.kind.Tasks = []api.Task{{Name: "call", Kind: api.TaskHttp, Http: spec}}
	program, err := Compile(b.kind)
	if err != nil {
		t.Fatal(err)
	}
	r := Request{Program: program, Task: &b.kind.Tasks[0], Context: render.Context{Name: "a", Namespace: "ns", Run: run, Spec: map[string]any{"port": int64(7), "label": "x: y"}}}
	for range 100 {
		result := b.executor.Do(t.Context(), r)
		if result.Reason != ReasonCalling {
			return result
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the call never ended")
	return Result{}
}

func TestAnswersAreJudged(t *testing.T) {
	cases := map[string]struct {
		status  int
		body    string
		spec    api.HttpSpec
		outcome plan.Outcome
		message string
	}{
		"any 2xx is fine":            {200, `{}`, api.HttpSpec{}, plan.Done, ""},
		"ready":                      {200, `{"status":"healthy"}`, api.HttpSpec{Health: api.Health{ReadyWhen: "body.status == 'healthy'"}}, plan.Done, ""},
		"not ready yet":              {200, `{"status":"unknown"}`, api.HttpSpec{Health: api.Health{ReadyWhen: "body.status == 'healthy'"}}, plan.Waiting, "GET /x answered 200, not yet what is waited for"},
		"a missing field is not yet": {200, `{}`, api.HttpSpec{Health: api.Health{ReadyWhen: "body.status == 'healthy'"}}, plan.Waiting, ""},
		"500 may pass":               {500, `{"detail":"database is down"}`, api.HttpSpec{}, plan.Transient, "GET /x answered 500: database is down"},
		"404 does not pass":          {404, `{"title":"Not Found"}`, api.HttpSpec{}, plan.Terminal, "GET /x answered 404: Not Found"},
		"404 is fine where expected": {404, `{}`, api.HttpSpec{Expect: []int{200, 404}}, plan.Done, ""},
		"failed for good":            {200, `{"status":"broken"}`, api.HttpSpec{Health: api.Health{FailedWhen: "body.status == 'broken'"}}, plan.Terminal, ""},
		"nonsense instead of JSON":   {200, `<html>`, api.HttpSpec{}, plan.Transient, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}), nil)
			c.spec.Path = "/x"
			r := b.call(t, name, &c.spec)
			if r.Outcome != c.outcome || c.message != "" && r.Message != c.message {
				t.Fatalf("got %s %q, want %s %q", r.Outcome, r.Message, c.outcome, c.message)
			}
		})
	}
}

func TestOutputsOfTextAnswers(t *testing.T) {
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("lamp_build_info{version=\"1.2.3\"} 1\n"))
	}), nil)
	r := b.call(t, "r", &api.HttpSpec{Path: "/metrics", Outputs: map[string]string{"version": `text.find('version="[^"]+"')`}})
	if r.Outcome != plan.Done || r.Outputs["version"] != `version="1.2.3"` {
		t.Fatalf("got %+v", r)
	}
}

func TestBodyIsJSONWhateverTheValuesHold(t *testing.T) {
	var got map[string]any
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusNoContent)
	}), nil)
	r := b.call(t, "r", &api.HttpSpec{Method: "PUT", Path: "/x", Body: "port: {{ .Spec.port }}\nlabel: {{ .Spec.label }}\n"})
	if r.Outcome != plan.Done || got["port"] != 7.0 || got["label"] != "x: y" {
		t.Fatalf("got %+v, body %v", r, got)
	}
}

func TestCallIsNotMadeWhenTheLookSaysSo(t *testing.T) {
	var puts int
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			puts++
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"port":7}`))
	}), nil)
	spec := func(port string) *api.HttpSpec {
		return &api.HttpSpec{Method: "PUT", Path: "/x", Unless: &api.HttpUnless{Path: "/x", When: "body.port == " + port}}
	}
	if b.call(t, "same", spec("7")); puts != 0 {
		t.Fatalf("%d PUTs although nothing differs", puts)
	}
	if b.call(t, "other", spec("8")); puts != 1 {
		t.Fatalf("%d PUTs, want 1", puts)
	}
}

func TestTokenIsKeptAndRenewedWhenRefused(t *testing.T) {
	var logins int
	valid := ""
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/login" {
			logins++
			var body map[string]string
			_ = json.NewDecoder(r.Body).Decode(&body)
			if body["username"] != "admin" || body["password"] != "hunter22" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			valid = "t" + string(rune('0'+logins))
			_, _ = w.Write([]byte(`{"token":"` + valid + `","ttl":900}`))
			return
		}
		if r.Header.Get("Authorization") != "Bearer "+valid {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}), &api.Login{Path: "/login", Secret: "{{ .Name }}-admin", Body: map[string]string{"username": "admin", "password": "secret:password"}, Token: "body.token", ExpiresIn: "body.ttl"})

	for _, run := range []string{"a", "b"} {
		if r := b.call(t, run, &api.HttpSpec{Path: "/x"}); r.Outcome != plan.Done {
			t.Fatalf("run %s: %+v", run, r)
		}
	}
	if logins != 1 {
		t.Fatalf("%d logins for two calls, want 1", logins)
	}
	valid = "revoked"
	if r := b.call(t, "c", &api.HttpSpec{Path: "/x"}); r.Outcome != plan.Done || logins != 2 {
		t.Fatalf("after the token was revoked: %+v, %d logins, want Done after 2", r, logins)
	}
}

func TestWrongPasswordIsSaidWithoutThePassword(t *testing.T) {
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"detail":"Invalid username or password"}`))
	}), &api.Login{Path: "/login", Secret: "a-admin", Body: map[string]string{"password": "secret:password"}, Token: "body.token"})
	r := b.call(t, "r", &api.HttpSpec{Path: "/x"})
	if r.Outcome != plan.Transient || !strings.Contains(r.Message, "login at /login answered 401: Invalid username or password") || strings.Contains(r.Message, "hunter22") {
		t.Fatalf("got %+v", r)
	}
}
