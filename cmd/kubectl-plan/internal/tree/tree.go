package tree

import (
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// The marks before phases and steps.
const (
	markComplete = "✔"
	markRunning  = "▶"
	markFailed   = "✘"
	markSkipped  = "–"
	markPending  = " "
)

var marks = map[api.StepState]string{
	api.StepComplete: markComplete,
	api.StepRunning:  markRunning,
	api.StepFailed:   markFailed,
	api.StepSkipped:  markSkipped,
	api.StepPending:  markPending,
}

// Lines draws the status of the named instance at a moment.
func Lines(name string, s *api.Status, now time.Time) []string {
	lines := []string{head(name, s, now)}
	if s.Plan != nil {
		lines = append(lines, phases(s.Plan, now)...)
		lines = append(lines, ending(s.Plan)...)
	}
	for _, p := range s.Pending {
		lines = append(lines, fmt.Sprintf("  then  plan %s: %s", p.Name, p.Reason))
	}
	if line := condition(s); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// head says which run of which plan it is and how far.
func head(name string, s *api.Status, now time.Time) string {
	r := s.Plan
	if r == nil {
		return name + "  no plan has run yet"
	}
	state := ""
	if r.State.Terminal() {
		state = string(r.State) + "  "
	}
	return fmt.Sprintf("%s  plan %s  run %s  revision %d -> %d  %s%s  %s", name, r.Name, r.UID, r.FromRevision, r.Revision, state, r.Progress, Duration(took(&r.StartedAt, r.FinishedAt, now)))
}

// phase is the steps of one phase, in order.
type phase struct {
	name  string
	steps []api.StepStatus
}

func split(steps []api.StepStatus) []phase {
	var out []phase
	for _, s := range steps {
		name, step, _ := strings.Cut(s.Name, "/")
		s.Name = step
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, phase{name: name})
		}
		last := &out[len(out)-1]
		last.steps = append(last.steps, s)
	}
	return out
}

func phases(r *api.Run, now time.Time) []string {
	all := split(r.Steps)
	width := 0
	for _, p := range all {
		width = max(width, len(p.name))
	}
	var lines []string
	for _, p := range all {
		lines = append(lines, p.line(width, now))
		lines = append(lines, p.messages(width)...)
	}
	return lines
}

func (p phase) line(width int, now time.Time) string {
	state := p.state()
	words := make([]string, len(p.steps))
	for i, s := range p.steps {
		words[i] = word(s, s.State != state || state == api.StepRunning, now)
	}
	return strings.TrimRight(fmt.Sprintf("%s %-*s  %s", marks[state], width, p.name, strings.Join(words, " · ")), " ")
}

// state is what the steps of the phase come to together.
func (p phase) state() api.StepState {
	count := map[api.StepState]int{}
	for _, s := range p.steps {
		count[s.State]++
	}
	switch {
	case count[api.StepFailed] > 0:
		return api.StepFailed
	case count[api.StepRunning] > 0:
		return api.StepRunning
	case count[api.StepPending] == len(p.steps):
		return api.StepPending
	case count[api.StepPending] > 0:
		return api.StepRunning
	case count[api.StepSkipped] == len(p.steps):
		return api.StepSkipped
	}
	return api.StepComplete
}

// word is one step: its mark where it differs from the phase's, its name and how long it took.
func word(s api.StepStatus, marked bool, now time.Time) string {
	text := s.Name
	if marked && s.State != api.StepPending {
		text = marks[s.State] + " " + text
	}
	if s.StartedAt != nil && (s.State == api.StepComplete || s.State == api.StepRunning || s.State == api.StepFailed) {
		text += " " + Duration(took(s.StartedAt, s.FinishedAt, now))
	}
	return text
}

// messages say what running steps wait for and why failed ones failed.
func (p phase) messages(width int) []string {
	var lines []string
	for _, s := range p.steps {
		if s.Message != "" && (s.State == api.StepRunning || s.State == api.StepFailed) {
			lines = append(lines, fmt.Sprintf("  %-*s    %s: %s", width, "", s.Name, s.Message))
		}
	}
	return lines
}

func ending(r *api.Run) []string {
	if r.State == api.RunRunning || r.State == api.RunComplete || r.Message == "" {
		return nil
	}
	return []string{strings.ToLower(string(r.State)) + ": " + r.Message}
}

// condition is the Ready condition in one line.
func condition(s *api.Status) string {
	for _, c := range s.Conditions {
		if c.Type == api.ConditionReady {
			if c.Status == metav1.ConditionTrue {
				return "Ready: " + c.Message
			}
			return "not Ready (" + c.Reason + "): " + c.Message
		}
	}
	return ""
}

func took(from, to *metav1.Time, now time.Time) time.Duration {
	if from == nil {
		return 0
	}
	if to != nil {
		now = to.Time
	}
	return max(now.Sub(from.Time), 0)
}

// Duration writes a duration as people do: 41s, 2m14s, 3h5m.
func Duration(d time.Duration) string {
	d = d.Truncate(time.Second)
	if d >= time.Hour {
		return strings.TrimSuffix(d.Truncate(time.Minute).String(), "0s")
	}
	return d.String()
}
