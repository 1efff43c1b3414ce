package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/picture"
	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/tree"
	"github.com/dittofs/dittofs-operator/engine/api"
)

// recordedAt is when testdata/recorded.json was taken from a cluster.
var recordedAt = time.Date(2026, 11, 23, 10, 4, 2, 0, time.UTC)

func recorded(t *testing.T) *api.Status {
	t.Helper()
	data, err := os.ReadFile("testdata/recorded.json")
	if err != nil {
		t.Fatal(err)
	}
	var o unstructured.Unstructured
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	s, err := statusOf(&o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The README's picture is what the command draws of a status from a real cluster.
func TestPictureInREADME(t *testing.T) {
	lines := append([]string{"$ kubectl plan status dfs/media"}, tree.Lines("dfs/media", recorded(t), recordedAt)...)
	golden(t, top+"docs/images/status.svg", picture.SVG(lines))
}

func TestErrorsBeforeAnyCluster(t *testing.T) {
	t.Setenv("KUBECONFIG", "/nonexistent")
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	t.Setenv("HOME", t.TempDir())
	broken := t.TempDir() + "/config"
	write(t, broken, "hello: [")
	for line, want := range map[string]string{
		"status":                                  `name one instance as KIND/NAME, such as dfs/media, instead of ""`,
		"status media":                            `name one instance as KIND/NAME, such as dfs/media, instead of "media"`,
		"history dfs/media/x":                     "KIND/NAME",
		"history a b c":                           "KIND/NAME",
		"status dfs/media":                        "no cluster is configured: set KUBECONFIG, or pass --kubeconfig",
		"history dfs media":                       "no cluster is configured: set KUBECONFIG, or pass --kubeconfig",
		"status dfs/media --kubeconfig /nope":     "no such file",
		"status dfs/media --context elsewhere":    `context "elsewhere" does not exist`,
		"status dfs/media --kubeconfig " + broken: "find the cluster",
		"dance": `unknown command "dance" for "kubectl plan"`,
	} {
		if _, _, err := run(t, strings.Fields(line)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

func TestErrorWhenTheClusterDoesNotAnswer(t *testing.T) {
	file := t.TempDir() + "/config"
	write(t, file, `{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],
 clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}], users: [{name: a}]}`)
	_, _, err := run(t, "status", "dfs/media", "--kubeconfig", file)
	if err == nil || !strings.HasPrefix(err.Error(), "the cluster at http://127.0.0.1:1 does not answer: ") {
		t.Error(err)
	}
}

func TestHistory(t *testing.T) {
	at := func(seconds int) metav1.Time {
		return metav1.NewTime(recordedAt.Add(time.Duration(seconds) * time.Second))
	}
	end := func(seconds int) *metav1.Time { e := at(seconds); return &e }
	s := &api.Status{
		Plan: &api.Run{Name: "update", UID: "aaaa1111", Revision: 4, State: api.RunRunning, Progress: "3/16", Reason: "spec.image changed", Message: "Pod media-0: its image is being pulled", StartedAt: at(-5)},
		History: []api.Summary{
			{Name: "update", UID: "bbbb2222", Revision: 3, State: api.RunFailed, Progress: "7/16", Reason: "spec.image changed", Message: "Pod media-0: image x cannot be pulled", StartedAt: at(-4000), FinishedAt: end(-100)},
			{Name: "deploy", UID: "cccc3333", Revision: 1, State: api.RunComplete, Progress: "17/17", Reason: "created", Message: "17 steps done", StartedAt: at(-5000), FinishedAt: end(-4996)},
		},
	}
	var out bytes.Buffer
	if err := writeHistory(&out, runsOf(s), recordedAt); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/history.golden", out.Bytes())
	if runs := runsOf(recordedAsDone(t)); len(runs) != 1 {
		t.Errorf("a run that is over is listed %d times", len(runs))
	}
}

func recordedAsDone(t *testing.T) *api.Status {
	s := recorded(t)
	s.Plan.State = api.RunComplete
	s.History = []api.Summary{s.Plan.Summary()}
	return s
}
