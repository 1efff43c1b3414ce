package plan

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// describe says where the run is and what it waits for.
func (m *machine) describe() {
	m.run.Progress = m.progress()
	m.run.Step = m.here()
	switch {
	case m.in.Hold:
		m.run.Message = shorten(heldMessage(m.run.Step))
	default:
		m.run.Message = shorten(m.waitingMessage())
	}
}

// progress counts the steps that are final.
func (m *machine) progress() string {
	final := 0
	for i := range m.run.Steps {
		if m.run.Steps[i].State.Final() {
			final++
		}
	}
	return progress(final, len(m.run.Steps))
}

func progress(final, all int) string { return strconv.Itoa(final) + "/" + strconv.Itoa(all) }

// here returns the first running step, or "".
func (m *machine) here() string {
	for i := range m.run.Steps {
		if m.run.Steps[i].State == api.StepRunning {
			return m.run.Steps[i].Name
		}
	}
	return ""
}

// waitingMessage says what the first running step with something to say waits for, and how many
// run beside it.
func (m *machine) waitingMessage() string {
	running, message := 0, ""
	for i := range m.run.Steps {
		s := &m.run.Steps[i]
		if s.State != api.StepRunning {
			continue
		}
		running++
		if message == "" {
			message = s.Message
		}
	}
	if message == "" || running < 2 {
		return message
	}
	return fmt.Sprintf("%s (%s more under way)", cut(message, api.MaxMessageLength-32), steps(running-1))
}

func heldMessage(at string) string {
	const how = "set spec.operation.suspend to false to go on"
	if at == "" {
		return "suspended before the next step; " + how
	}
	return "suspended; step " + at + " is only watched and no other starts; " + how
}

func failedMessage(s *api.StepStatus) string { return "step " + s.Name + " failed: " + s.Message }

// completeMessage counts the steps of a complete run, and names the optional ones that failed.
func completeMessage(all []api.StepStatus) string {
	failed, first := 0, 0
	for i := range all {
		if all[i].State == api.StepFailed {
			if failed == 0 {
				first = i
			}
			failed++
		}
	}
	switch failed {
	case 0:
		return steps(len(all)) + " done"
	case 1:
		return "done, but optional " + failedMessage(&all[first])
	}
	return fmt.Sprintf("done, but %s failed that are optional, first %s: %s", steps(failed), all[first].Name, all[first].Message)
}

func supersededMessage(at string) string {
	if at == "" {
		return "superseded by a newer change between two steps"
	}
	return "superseded by a newer change while at step " + at
}

func planTimeoutMessage(p *Plan, at *api.StepStatus) string {
	late := "the plan's " + p.Timeout.String() + " are over"
	if at == nil {
		return late + " before all steps began"
	}
	return overdue(late+" at step "+at.Name, at.Message)
}

func gaveUpMessage(retries int32, last string) string {
	if retries == 1 {
		return "gave up after 1 retry: " + last
	}
	return fmt.Sprintf("gave up after %d retries: %s", retries, last)
}

// overdue joins what took too long and what it last waited for.
func overdue(late, last string) string {
	if last == "" {
		return late + ", and nothing said what it waits for"
	}
	return late + ": " + last
}

func leftMessage(last string) string {
	if last == "" {
		return "left unfinished when the run ended"
	}
	return shorten("left unfinished when the run ended: " + last)
}

func steps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return strconv.Itoa(n) + " steps"
}

// shorten keeps a message to what a status holds.
func shorten(message string) string { return cut(message, api.MaxMessageLength) }

// cut keeps at most limit bytes of a text and ends a cut one with "…"; no character is torn.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
