package tree

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var update = flag.Bool("update", false, "write golden files")

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

type status struct {
	Name   string     `json:"name"`
	Status api.Status `json:"status"`
}

func statuses(t *testing.T) []status {
	t.Helper()
	data, err := os.ReadFile("testdata/statuses.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []status
	if err := yaml.UnmarshalStrict(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	file = "testdata/" + file
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs; -update writes it anew (-want +got):\n%s", file, diff)
	}
}

func TestLines(t *testing.T) {
	var b strings.Builder
	for _, s := range statuses(t) {
		fmt.Fprintf(&b, "# %s\n%s\n\n", s.Name, strings.Join(Lines("lamp/kitchen", &s.Status, noon), "\n"))
	}
	golden(t, "lines.golden", b.String())
}

func TestLinesLeaveNoBlanksAtTheEnd(t *testing.T) {
	for _, s := range statuses(t) {
		for _, l := range Lines("lamp/kitchen", &s.Status, noon) {
			if l != strings.TrimRight(l, " ") || strings.Contains(l, "\n") {
				t.Errorf("%s: %q", s.Name, l)
			}
		}
	}
}

func TestALongRunReadBackFromJSONIsDrawnWhole(t *testing.T) {
	run := api.Run{Name: "deploy", UID: "1", State: api.RunRunning}
	for i := range 60 {
		run.Steps = append(run.Steps, api.StepStatus{Name: fmt.Sprintf("phase-%d/step-%d", i/20, i%20), State: api.StepComplete})
	}
	data, err := json.Marshal(api.Status{Plan: &run})
	if err != nil {
		t.Fatal(err)
	}
	var back api.Status
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(Lines("lamp/kitchen", &back, noon), "\n")
	for i := range 60 {
		if want := fmt.Sprintf("step-%d", i%20); strings.Count(text, want) < 3 {
			t.Fatalf("%s does not occur in each phase:\n%s", want, text)
		}
	}
	for _, l := range strings.Split(text, "\n") {
		if n := len([]rune(l)); n > maxWidth {
			t.Errorf("a line has %d characters: %s", n, l)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 999 * time.Millisecond: "0s", 41 * time.Second: "41s", 134 * time.Second: "2m14s",
		time.Hour: "1h0m", 3*time.Hour + 5*time.Minute + 9*time.Second: "3h5m", 50 * time.Hour: "50h0m",
	} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%d) = %s, want %s", d, got, want)
		}
	}
}
