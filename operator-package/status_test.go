package operatorpackage

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
)

// scene is what status expressions see of a DittoFS named media.
func scene(t *testing.T, spec, service, statefulSet string) expr.Vars {
	t.Helper()
	_, _, s := load(t)
	seen := map[string]any{}
	if service != "" {
		seen["Service/media"] = parseYAML(t, service)
	}
	if statefulSet != "" {
		seen["StatefulSet/media"] = parseYAML(t, statefulSet)
	}
	return expr.Vars{
		"self": map[string]any{
			"metadata": map[string]any{"name": "media", "namespace": "storage"},
			"spec":     wish(t, s, spec),
			"status":   map[string]any{"revision": int64(1)},
		},
		"objects": seen,
		"outputs": map[string]any{"server-version": map[string]any{"version": "0.29.0"}},
	}
}

func compile(t *testing.T, source string, vars ...string) *expr.Program {
	t.Helper()
	p, err := expr.Compile(source, vars...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEndpoints(t *testing.T) {
	both := "{adapters: {smb: {enabled: true}}}"
	tests := []struct{ name, spec, service, want string }{
		{"inside the cluster", "{}", "{status: {loadBalancer: {}}}",
			"{nfs: 'nfs://media.storage.svc:2049', api: 'http://media-api.storage.svc:8080'}"},
		{"load balancer with an address", both, "{status: {loadBalancer: {ingress: [{ip: 192.0.2.7}]}}}",
			"{nfs: 'nfs://192.0.2.7:2049', smb: 'smb://192.0.2.7:445', api: 'http://media-api.storage.svc:8080'}"},
		{"load balancer with an IPv6 address", "{}", "{status: {loadBalancer: {ingress: [{ip: '2001:db8::7'}]}}}",
			"{nfs: 'nfs://[2001:db8::7]:2049', api: 'http://media-api.storage.svc:8080'}"},
		{"load balancer with a name", "{service: {exposeAPI: true}}",
			"{status: {loadBalancer: {ingress: [{hostname: lb.example.com}]}}}",
			"{nfs: 'nfs://lb.example.com:2049', api: 'http://lb.example.com:8080'}"},
		{"SMB alone", "{adapters: {nfs: {enabled: false}, smb: {enabled: true}}}", "{}",
			"{smb: 'smb://media.storage.svc:445', api: 'http://media-api.storage.svc:8080'}"},
		{"before there is a Service", "{}", "", "null"},
	}
	field := statusField(t, "endpoints")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := field.Value(scene(t, tt.spec, tt.service, ""))
			if err != nil && !expr.IsMissing(err) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parseYAML(t, tt.want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func statusField(t *testing.T, name string) *expr.Program {
	t.Helper()
	_, kind, _ := load(t)
	for _, f := range kind.Status {
		if f.Name == name {
			return compile(t, f.Value, "self", "objects", "outputs")
		}
	}
	t.Fatalf("no status field %s", name)
	return nil
}

func TestConditions(t *testing.T) {
	const ready, broken = "{status: {readyReplicas: 1}}", "{status: {replicas: 1}}"
	tests := []struct{ name, spec, statefulSet, available, degraded string }{
		{"serving", "{}", ready, "true Serving: The server accepts clients.", "false AsWished: Nothing that ran before is down."},
		{"down", "{}", broken,
			"false NotServing: No Pod of StatefulSet media is ready; see status.plan and the events of Pod media-0.",
			"true ServerDown: The server should run and does not accept clients; see the events of Pod media-0."},
		{"stopped", "{replicas: 0}", broken,
			"false NotServing: The server is stopped; set spec.replicas to 1 to start it.",
			"false AsWished: The server is stopped, as wished."},
		{"StatefulSet deleted by somebody", "{}", "",
			"false NotServing: No Pod of StatefulSet media is ready; see status.plan and the events of Pod media-0.",
			"true ServerDown: The server should run and does not accept clients; see the events of Pod media-0."},
	}
	_, kind, _ := load(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			vars := scene(t, tt.spec, "", tt.statefulSet)
			got := []string{say(t, kind.Conditions[0], vars), say(t, kind.Conditions[1], vars)}
			if diff := cmp.Diff([]string{tt.available, tt.degraded}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// say evaluates a condition to a line.
func say(t *testing.T, c api.ConditionRule, vars expr.Vars) string {
	t.Helper()
	names := []string{"self", "objects", "outputs"}
	is, err := compile(t, c.When, names...).Bool(vars)
	if err != nil {
		t.Fatal(err)
	}
	answer, text := "false ", c.False
	if is {
		answer, text = "true ", c.True
	}
	message, err := compile(t, text.Message, names...).String(vars)
	if err != nil {
		t.Fatal(err)
	}
	return answer + text.Reason + ": " + message
}

func TestFirstDeploymentIsNotDegraded(t *testing.T) {
	_, kind, _ := load(t)
	vars := scene(t, "{}", "", "")
	delete(vars["self"].(map[string]any), "status")
	if got := say(t, kind.Conditions[1], vars); !strings.HasPrefix(got, "false ") {
		t.Error(got)
	}
}

func TestSecretsMustFitTheServer(t *testing.T) {
	_, kind, _ := load(t)
	tests := []struct {
		task, key string
		bytes     int
		fits      bool
	}{
		{"admin-secret-fits", "password", 0, false},
		{"admin-secret-fits", "password", 7, false},
		{"admin-secret-fits", "password", 8, true},
		{"admin-secret-fits", "password", 9, true},
		{"admin-secret-fits", "password", 70, true},
		{"admin-secret-fits", "password", 72, true},
		{"admin-secret-fits", "password", 73, false},
		{"admin-secret-fits", "passphrase", 20, false},
		{"jwt-secret-fits", "secret", 31, false},
		{"jwt-secret-fits", "secret", 32, true},
		{"jwt-secret-fits", "secret", 500, true},
	}
	for _, tt := range tests {
		data := map[string]any{tt.key: base64.StdEncoding.EncodeToString(make([]byte, tt.bytes))}
		p := compile(t, kind.Task(tt.task).Wait.ReadyWhen, "object")
		fits, err := p.Bool(expr.Vars{"object": map[string]any{"data": data}})
		if err != nil && !expr.IsMissing(err) {
			t.Fatal(err)
		}
		if fits != tt.fits {
			t.Errorf("%s with %d bytes in %s: %v, want %v", tt.task, tt.bytes, tt.key, fits, tt.fits)
		}
	}
}

func TestStatefulSetHasRolledOnlyWithTheNewPod(t *testing.T) {
	_, kind, _ := load(t)
	p := compile(t, kind.Task("server-rolls").Apply.ReadyWhen, "object")
	for object, want := range map[string]bool{
		"{metadata: {generation: 2}, spec: {replicas: 1}}":                                                      false,
		"{metadata: {generation: 2}, spec: {replicas: 1}, status: {observedGeneration: 1, updatedReplicas: 1}}": false,
		"{metadata: {generation: 2}, spec: {replicas: 1}, status: {observedGeneration: 2, replicas: 1}}":        false,
		"{metadata: {generation: 2}, spec: {replicas: 1}, status: {observedGeneration: 2, updatedReplicas: 1}}": true,
		"{metadata: {generation: 2}, spec: {replicas: 0}, status: {observedGeneration: 2}}":                     true,
	} {
		if got, err := p.Bool(expr.Vars{"object": parseYAML(t, object)}); err != nil || got != want {
			t.Errorf("%s: %v (%v), want %v", object, got, err, want)
		}
	}
}

func TestVersionIsReadFromTheMetric(t *testing.T) {
	_, kind, _ := load(t)
	task := kind.Task("server-version").Http
	recorded := "# HELP dittofs_build_info Build information for the running DittoFS server (always 1).\n" +
		"# TYPE dittofs_build_info gauge\ndittofs_build_info{commit=\"5c30c801\",version=\"0.29.0\"} 1\n"
	vars := expr.Vars{"text": recorded, "status": int64(200), "body": nil}
	if ready, err := compile(t, task.ReadyWhen, "status", "body", "text").Bool(vars); err != nil || !ready {
		t.Errorf("ready: %v (%v)", ready, err)
	}
	if got, err := compile(t, task.Outputs["version"], "status", "body", "text").String(vars); err != nil || got != "0.29.0" {
		t.Errorf("version: %q (%v)", got, err)
	}
}
