package plan

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Wake returns the earliest time at which a record that Advance returned asks for something by
// itself: a next try, or the last look at a limit. It is never before in.Now; ok is false when only
// an event from outside can move the run.
func Wake(p *Plan, r *api.Run, in Input) (at time.Time, ok bool) {
	if r.State != api.RunRunning || p.misfit(r) != "" {
		return time.Time{}, false
	}
	var first *metav1.Time
	if !in.Hold {
		first = r.Deadline
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.State != api.StepRunning {
			continue
		}
		first = earliest(first, s.NextTry)
		if !in.Hold {
			first = earliest(first, s.Deadline)
		}
	}
	if first == nil {
		return time.Time{}, false
	}
	if first.Time.Before(in.Now) {
		return in.Now, true
	}
	return first.Time, true
}
