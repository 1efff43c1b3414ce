package controller

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/dittofs/dittofs-operator/engine/api"
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

// emit tells people what has happened: by events, and in the log together with the steps that ended.
func (s *scope) emit(ctx context.Context, before *api.Run) {
	logger := log.FromContext(ctx)
	for _, e := range s.events {
		s.Recorder.Eventf(s.object, s.revisionRef(), e.level, e.reason, "Run", "%s", e.message)
		logger.Info(e.message, "reason", e.reason)
	}
	s.events = nil
	run := s.status.Plan
	if run == nil {
		return
	}
	for _, step := range run.Steps {
		if step.State.Final() && !wasFinal(before, run.UID, step.Name) {
			logger.Info("step ended", "plan", run.Name, "run", run.UID, "step", step.Name, "state", step.State, "reason", step.Reason, "message", step.Message)
		}
	}
}

// revisionRef is the revision that events are about: without it, the runs of an hour would be counted
// as repetitions of the first, under its message.
func (s *scope) revisionRef() runtime.Object {
	if s.status.Plan == nil {
		return nil
	}
	return &appsv1.ControllerRevision{ObjectMeta: metav1.ObjectMeta{Namespace: s.object.GetNamespace(), Name: revisionName(s.object, s.status.Plan.Revision)}}
}

// wasFinal says whether the step of the run had ended before.
func wasFinal(before *api.Run, uid, step string) bool {
	if before == nil || before.UID != uid {
		return false
	}
	s := before.StepStatus(step)
	return s != nil && s.State.Final()
}
