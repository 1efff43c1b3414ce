package tree

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func at(seconds int) *metav1.Time {
	t := metav1.NewTime(noon.Add(time.Duration(seconds) * time.Second))
	return &t
}

// moments are a run as it goes by, with the second in which each status was seen.
func moments() map[int]*api.Status {
	run := func(state api.RunState, steps ...api.StepStatus) *api.Status {
		r := &api.Run{Name: "deploy", UID: "7c1e", Revision: 1, Reason: "created", State: state, Progress: "1/2", StartedAt: *at(0), Steps: steps}
		s := &api.Status{ObservedGeneration: 1, Plan: r}
		if state.Terminal() {
			r.FinishedAt = at(9)
			s.Conditions = []metav1.Condition{{Type: api.ConditionReady, Status: metav1.ConditionTrue, Message: "all is well"}}
		}
		return s
	}
	config := api.StepStatus{Name: "prepare/config", State: api.StepComplete, StartedAt: at(0), FinishedAt: at(0)}
	lamp := func(state api.StepState, since int, message string) api.StepStatus {
		s := api.StepStatus{Name: "shine/lamp", State: state, StartedAt: at(1), Since: at(since), Message: message}
		if state.Final() {
			s.FinishedAt = at(9)
		}
		return s
	}
	return map[int]*api.Status{
		0: {},
		1: run(api.RunRunning, config, lamp(api.StepRunning, 1, "Pod kitchen-0: it has no node yet")),
		2: run(api.RunRunning, config, lamp(api.StepRunning, 2, "Pod kitchen-0: its image is being pulled")),
		5: run(api.RunRunning, config, lamp(api.StepRunning, 2, "Pod kitchen-0: its image is being pulled")),
		6: run(api.RunRunning, config, lamp(api.StepRunning, 2, "Pod kitchen-0: its image is being pulled")),
		9: run(api.RunComplete, config, lamp(api.StepComplete, 2, "")),
	}
}

func TestLogTellsEachThingOnce(t *testing.T) {
	var l Log
	var got []string
	seen := moments()
	for second := range 12 {
		s, ok := seen[second]
		if !ok {
			s = seen[9]
			if second < 9 {
				continue
			}
		}
		got = append(got, l.Lines("lamp/kitchen", s, noon.Add(time.Duration(second)*time.Second))...)
	}
	golden(t, "log.golden", strings.Join(got, "\n")+"\n")
}

func TestLogTellsOfAllStatuses(t *testing.T) {
	var got []string
	for _, s := range statuses(t) {
		var l Log
		got = append(got, "# "+s.Name)
		got = append(got, l.Lines("lamp/kitchen", &s.Status, noon)...)
		got = append(got, "")
		if again := l.Lines("lamp/kitchen", &s.Status, noon); len(again) > 0 {
			t.Errorf("%s: told twice: %q", s.Name, again)
		}
	}
	golden(t, "log-statuses.golden", strings.Join(got, "\n"))
}
