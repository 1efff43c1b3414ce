package tree

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// The marks before phases and steps.
const (
	MarkComplete = "✔"
	MarkRunning  = "▶"
	MarkFailed   = "✘"
	markSkipped  = "–"
	markStopped  = "■"
	markPending  = " "
)

// stopped is the state of a step that was under way when its run ended.
const stopped api.StepState = "Stopped"

// maxWidth is where a phase of many steps goes on in the next line.
const maxWidth = 110

var marks = map[api.StepState]string{
	api.StepComplete: MarkComplete,
	api.StepRunning:  MarkRunning,
	api.StepFailed:   MarkFailed,
	api.StepSkipped:  markSkipped,
	api.StepPending:  markPending,
	stopped:          markStopped,
}

// Lines draws the status of the named instance at a moment.
func Lines(name string, s *api.Status, now time.Time) []string {
	lines := []string{head(name, s, now)}
	if s.Plan != nil {
		lines = append(lines, phases(s.Plan, now)...)
	}
	return append(lines, ending(s)...)
}

// head says which plan it is, how far it is and what asked for it.
func head(name string, s *api.Status, now time.Time) string {
	r := s.Plan
	switch {
	case r == nil && s.ObservedGeneration == 0:
		return name + "  the operator has not looked at it yet: does it run, and serve this namespace?"
	case r == nil:
		return name + "  no plan has run yet"
	}
	return fmt.Sprintf("%s  %s  %s  (%s)", name, title(r), Duration(took(&r.StartedAt, r.FinishedAt, now)), origin(r))
}

func title(r *api.Run) string {
	if r.State.Terminal() {
		return fmt.Sprintf("plan %s %s %s", r.Name, r.State, r.Progress)
	}
	return fmt.Sprintf("plan %s %s", r.Name, r.Progress)
}

func origin(r *api.Run) string {
	text := fmt.Sprintf("run %s, revision %d -> %d", r.UID, r.FromRevision, r.Revision)
	if r.Reason != "" {
		text += ", " + r.Reason
	}
	return text
}

// phase is the steps of one phase, in order.
type phase struct {
	name  string
	steps []api.StepStatus
}

func split(r *api.Run) []phase {
	var out []phase
	for _, s := range r.Steps {
		name, step, ok := strings.Cut(s.Name, "/")
		if !ok {
			name, step = "", s.Name
		}
		s.Name = step
		if s.State == api.StepRunning && r.State.Terminal() {
			s.State, s.FinishedAt = stopped, r.FinishedAt
		}
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, phase{name: name})
		}
		last := &out[len(out)-1]
		last.steps = append(last.steps, s)
	}
	return out
}

func phases(r *api.Run, now time.Time) []string {
	all := split(r)
	width := 0
	for _, p := range all {
		width = max(width, utf8.RuneCountInString(p.name))
	}
	var lines []string
	for _, p := range all {
		lines = append(lines, p.lines(width, now)...)
		lines = append(lines, p.messages(width)...)
	}
	return lines
}

// lines are the phase's steps behind its mark and name, in as many lines as they need.
func (p phase) lines(width int, now time.Time) []string {
	state := p.state()
	lines := []string{fmt.Sprintf("%s %-*s ", marks[state], width, p.name)}
	indent := strings.Repeat(" ", width+3)
	for i, s := range p.steps {
		word := " " + step(s, s.State != state || state != api.StepComplete && state != api.StepSkipped, now)
		if i < len(p.steps)-1 {
			word += " ·"
		}
		last := lines[len(lines)-1]
		if i > 0 && utf8.RuneCountInString(last+word) > maxWidth {
			lines = append(lines, indent+word)
			continue
		}
		lines[len(lines)-1] = last + word
	}
	return lines
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
	case count[stopped] > 0:
		return stopped
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

// step is one step: its mark where it differs from the phase's, its name and how long it took.
func step(s api.StepStatus, marked bool, now time.Time) string {
	text := s.Name
	if marked && s.State != api.StepPending {
		text = marks[s.State] + " " + text
	}
	if s.StartedAt != nil && s.State != api.StepPending && s.State != api.StepSkipped {
		text += " " + Duration(took(s.StartedAt, s.FinishedAt, now))
	}
	return text
}

// messages say what running steps wait for and why failed ones failed.
func (p phase) messages(width int) []string {
	var lines []string
	for _, s := range p.steps {
		if s.Message != "" && (s.State == api.StepRunning || s.State == api.StepFailed || s.State == stopped) {
			lines = append(lines, fmt.Sprintf("  %-*s    %s: %s", width, "", s.Name, s.Message))
		}
	}
	return lines
}

// ending says how the run ended, what comes next, and what the instance comes to.
func ending(s *api.Status) []string {
	var lines []string
	verdict := Verdict(s)
	if r := s.Plan; r != nil && r.Message != "" && (r.State == api.RunFailed || r.State == api.RunSuperseded) && !strings.Contains(verdict, begin(r.Message)) {
		lines = append(lines, strings.ToLower(string(r.State))+": "+r.Message)
	}
	for _, p := range s.Pending {
		lines = append(lines, fmt.Sprintf("then plan %s (revision %d, %s)", p.Name, p.Revision, p.Reason))
	}
	if verdict != "" {
		lines = append(lines, verdict)
	}
	return lines
}

// begin is the part of a message that a condition holds even when it is cut.
func begin(message string) string {
	if runes := []rune(message); len(runes) > 80 {
		return string(runes[:80])
	}
	return message
}

// Verdict is the Ready condition in one line; empty where the plan itself says more.
func Verdict(s *api.Status) string {
	running := s.Plan != nil && s.Plan.State == api.RunRunning && s.Plan.HeldAt == nil
	for _, c := range s.Conditions {
		switch {
		case c.Type != api.ConditionReady, s.Plan == nil && c.Reason == "Pending":
		case c.Status == metav1.ConditionTrue:
			return "Ready: " + c.Message
		case !running || stalled(s):
			return "not Ready (" + c.Reason + "): " + c.Message
		}
	}
	return ""
}

func stalled(s *api.Status) bool {
	for _, c := range s.Conditions {
		if c.Type == api.ConditionStalled {
			return c.Status == metav1.ConditionTrue
		}
	}
	return false
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
