package health

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var update = flag.Bool("update", false, "write golden files")

type snapshot struct {
	Case   string         `json:"case"`
	Want   string         `json:"want"`
	Object map[string]any `json:"object"`
	Pod    map[string]any `json:"pod"`
}

func snapshots(t testing.TB, file string) []snapshot {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []snapshot
	if err := yaml.UnmarshalStrict(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// object reads a snapshot as a client would: whole numbers are int64.
func (s snapshot) object(t testing.TB) *unstructured.Unstructured {
	t.Helper()
	m := s.Object
	if s.Pod != nil {
		m = s.Pod
		m["apiVersion"], m["kind"] = "v1", "Pod"
	}
	data, err := yaml.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	u := &unstructured.Unstructured{}
	js, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.UnmarshalJSON(js); err != nil {
		t.Fatal(err)
	}
	return u
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s is different, run with -update when that is meant:\n%s", file, d)
	}
}

func checkMessage(t *testing.T, r Result) {
	t.Helper()
	if len(r.Message) > api.MaxMessageLength || strings.Contains(r.Message, "HUSH") || r.Message == "" || r.Reason == "" {
		t.Errorf("message %q, reason %q", r.Message, r.Reason)
	}
}

func TestOf(t *testing.T) {
	var lines strings.Builder
	for _, s := range snapshots(t, "testdata/objects.yaml") {
		t.Run(s.Case, func(t *testing.T) {
			r := Of(s.object(t))
			if got := fmt.Sprintf("%s/%s", r.Status, r.Reason); got != s.Want {
				t.Errorf("%s, want %s: %s", got, s.Want, r.Message)
			}
			checkMessage(t, r)
			fmt.Fprintf(&lines, "%s\n  %s\n", s.Case, r.Message)
		})
	}
	golden(t, "testdata/objects.golden", lines.String())
}

func TestAbsent(t *testing.T) {
	for _, u := range []*unstructured.Unstructured{nil, {}} {
		if r := Of(u); r.Status != Absent {
			t.Errorf("%+v", r)
		}
	}
}

func TestPods(t *testing.T) {
	var lines strings.Builder
	for _, s := range snapshots(t, "testdata/pods.yaml") {
		t.Run(s.Case, func(t *testing.T) {
			p := s.object(t)
			r := Pods(nil, []*unstructured.Unstructured{nil, p})
			if s.Want == "" {
				if r != nil {
					t.Errorf("%+v, want nothing", r)
				}
				if of := Of(p); of.Status != Healthy {
					t.Errorf("Of: %+v", of)
				}
				return
			}
			if r == nil {
				t.Fatalf("nothing, want %s", s.Want)
			}
			if got := fmt.Sprintf("%s/%s", r.Status, r.Reason); got != s.Want {
				t.Errorf("%s, want %s: %s", got, s.Want, r.Message)
			}
			if of := Of(p); of.Status == Healthy {
				t.Errorf("Of: %+v", of)
			}
			checkMessage(t, *r)
			fmt.Fprintf(&lines, "%s\n  %s\n", s.Case, r.Message)
		})
	}
	golden(t, "testdata/pods.golden", lines.String())
}

func TestPodsTellTheWorst(t *testing.T) {
	byCase := map[string]*unstructured.Unstructured{}
	for _, s := range snapshots(t, "testdata/pods.yaml") {
		byCase[s.Case] = s.object(t)
	}
	order := []string{"terminating", "readiness", "starting", "unschedulable", "evicted", "crash-78", "config-missing", "image-not-found"}
	var pods []*unstructured.Unstructured
	for _, name := range order {
		pods = append([]*unstructured.Unstructured{byCase["ready"], byCase[name]}, pods...)
		want := podReason(byCase[name]).Reason
		if r := Pods(nil, pods); r == nil || r.Reason != want {
			t.Errorf("with %s: %+v", name, r)
		}
	}
	if r := Pods(nil, nil); r != nil {
		t.Errorf("no Pods: %+v", r)
	}
}

func TestPodsOfOthersAreLeftOut(t *testing.T) {
	mine := &unstructured.Unstructured{Object: map[string]any{"kind": "StatefulSet", "metadata": map[string]any{"name": "media"}}}
	for owner, want := range map[string]bool{"media": true, "other": false} {
		p := &unstructured.Unstructured{Object: map[string]any{"kind": "Pod", "status": map[string]any{"phase": "Pending"}, "metadata": map[string]any{
			"name": "p", "ownerReferences": []any{map[string]any{"kind": "StatefulSet", "name": owner, "controller": true}}}}}
		if r := Pods(mine, []*unstructured.Unstructured{p}); (r != nil) != want {
			t.Errorf("owner %s: %+v", owner, r)
		}
	}
}

func TestShorten(t *testing.T) {
	for in, want := range map[string]string{"a\n b": "a b", "0123456789": "0123456789", "0123456789x": "0123456…", "äääääää": "äää…", "": ""} {
		if got := shorten(in, 10); got != want {
			t.Errorf("shorten(%q) = %q, want %q", in, got, want)
		}
	}
}
