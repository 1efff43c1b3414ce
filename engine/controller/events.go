package controller

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

const (
	eventNormal  = corev1.EventTypeNormal
	eventWarning = corev1.EventTypeWarning
)

// notice is told to people once the status that it speaks of is saved.
type notice struct{ level, reason, message string }

func (s *scope) event(level, reason, format string, args ...any) {
	s.events = append(s.events, notice{level, reason, fmt.Sprintf(format, args...)})
}

func (s *scope) emit() {
	for _, e := range s.events {
		s.Recorder.Eventf(s.object, nil, e.level, e.reason, "Run", "%s", e.message)
	}
	s.events = nil
}
