package tree

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// worthTelling is how long a step must wait for the same thing before a Log speaks of it: what
// passes at once is nobody's concern.
const worthTelling = 2 * time.Second

// Log tells a run line by line, for where a tree cannot be drawn anew: files, pipes, CI. The zero
// value is ready for use.
type Log struct {
	told map[string]bool
}

// Lines returns what is new in the status of the named instance since the last call.
func (l *Log) Lines(name string, s *api.Status, now time.Time) []string {
	var lines []string
	tell := func(key, line string) {
		if l.told == nil {
			l.told = map[string]bool{}
		}
		if !l.told[key] {
			l.told[key] = true
			lines = append(lines, line)
		}
	}
	r := s.Plan
	if r == nil {
		line := head(name, s, now)
		tell(line, line)
	} else {
		run(name, r, now, tell)
	}
	if v := Verdict(s); v != "" {
		tell(fmt.Sprint(s.ObservedGeneration, v), v)
	}
	return lines
}

// run tells the start, the steps and the end of a run.
func run(name string, r *api.Run, now time.Time, tell func(key, line string)) {
	tell(r.UID, fmt.Sprintf("%s  plan %s started (%s)", name, r.Name, origin(r)))
	for i := range r.Steps {
		if line := news(r, &r.Steps[i], now); line != "" {
			tell(r.UID+r.Steps[i].Name+string(r.Steps[i].State)+r.Steps[i].Message, line)
		}
	}
	if r.State.Terminal() {
		tell(r.UID+string(r.State), fmt.Sprintf("%s  %s  %s", name, title(r), Duration(took(&r.StartedAt, r.FinishedAt, now))))
	}
}

// news is a line about a step that has ended, or has waited for a while; empty when there is none.
func news(r *api.Run, s *api.StepStatus, now time.Time) string {
	switch {
	case s.State == api.StepPending:
		return ""
	case s.State.Final():
		return line(since(r, s.FinishedAt, now), s)
	case s.Message == "" || r.State.Terminal() || now.Sub(waitingSince(s, now)) < worthTelling:
		return ""
	}
	return line(since(r, nil, now), s)
}

func line(at time.Duration, s *api.StepStatus) string {
	text := fmt.Sprintf("%6s  %s %s", Duration(at), marks[s.State], s.Name)
	if s.Message != "" && s.State != api.StepComplete && s.State != api.StepSkipped {
		text += ": " + s.Message
	}
	return text
}

// since is how far into the run something happened.
func since(r *api.Run, at *metav1.Time, now time.Time) time.Duration {
	return took(&r.StartedAt, at, now)
}

func waitingSince(s *api.StepStatus, now time.Time) time.Time {
	for _, t := range []*metav1.Time{s.Since, s.StartedAt} {
		if t != nil {
			return t.Time
		}
	}
	return now
}
