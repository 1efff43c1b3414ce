package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/dittofs/dittofs-operator/engine/api"
)

func waiting(reason, message string) Observation {
	return Observation{Outcome: Waiting, Reason: reason, Message: message}
}

var (
	imagePull = waiting("ImagePullBackOff", `Pod media-0: image "example.org/server:9" cannot be pulled: not found; correct spec.image`)
	refused   = Observation{Outcome: Transient, Reason: "Unreachable", Message: "Service media does not answer: connection refused"}
	forbidden = Observation{Outcome: Terminal, Reason: "Forbidden", Message: "may not update StatefulSet/media: grant the engine update on statefulsets"}
)

// TestTranscripts shows what users see of whole runs.
func TestTranscripts(t *testing.T) {
	minute := time.Minute
	scenes := map[string]func(s *scene){
		"all-done-in-one-pass": func(s *scene) { s.pass(0, nil) },
		"waits-and-completes": func(s *scene) {
			s.pass(0, map[string]Observation{"server": waiting("Progressing", "Pod media-0 is not ready: readiness 503")})
			s.pass(minute, map[string]Observation{"server": imagePull})
			s.pass(minute, map[string]Observation{"server": imagePull})
			s.pass(minute, nil)
		},
		"step-timeout": func(s *scene) {
			s.pass(0, map[string]Observation{"server": imagePull})
			s.pass(10*minute, map[string]Observation{"server": imagePull})
		},
		"done-at-the-last-look": func(s *scene) {
			s.pass(0, map[string]Observation{"server": imagePull})
			s.pass(30*minute, nil)
		},
		"plan-timeout": func(s *scene) {
			s.pass(0, map[string]Observation{"server": imagePull})
			s.pass(60*minute, map[string]Observation{"shares": waiting("Progressing", "share docs is not served yet")})
		},
		"retry-limit": func(s *scene) {
			s.pass(0, map[string]Observation{"drain": refused})
			s.pass(time.Second, map[string]Observation{"drain": refused})
			s.pass(4*time.Second, map[string]Observation{"drain": refused})
			s.pass(10*time.Second, map[string]Observation{"drain": refused})
		},
		"terminal-beside-running": func(s *scene) {
			s.pass(0, map[string]Observation{"shares": waiting("Progressing", "share docs is not served yet"), "adapters": forbidden})
		},
		"optional-step-fails": func(s *scene) { s.pass(0, map[string]Observation{"report": forbidden}) },
		"held": func(s *scene) {
			s.pass(0, map[string]Observation{"server": imagePull})
			s.in.Hold = true
			s.pass(minute, map[string]Observation{"server": imagePull})
			s.pass(60*minute, nil)
			s.in.Hold = false
			s.pass(minute, map[string]Observation{"shares": waiting("", "share docs is not served yet"), "adapters": waiting("", "port 12049 is closed")})
		},
		"held-while-waiting": func(s *scene) {
			s.pass(0, map[string]Observation{"server": imagePull})
			s.in.Hold = true
			s.pass(minute, map[string]Observation{"server": imagePull})
			s.pass(60*minute, map[string]Observation{"server": imagePull})
			s.in.Hold = false
			s.pass(minute, map[string]Observation{"server": imagePull})
		},
		"superseded-after-the-call": func(s *scene) {
			call := waiting("Calling", "POST /drain is under way")
			call.InFlight = true
			s.pass(0, map[string]Observation{"drain": call})
			s.in.Supersede = true
			s.pass(minute, map[string]Observation{"drain": call})
			s.pass(minute, nil)
		},
		"superseded-while-waiting": func(s *scene) {
			s.pass(0, map[string]Observation{"server": imagePull})
			s.in.Supersede = true
			s.pass(minute, nil)
		},
		"condition-fails": func(s *scene) {
			s.in.Vars = map[string]any{"spec": map[string]any{}, "old": nil, "outputs": nil, "plan": "upgrade"}
			s.pass(0, nil)
		},
		"clock-set-back": func(s *scene) {
			s.pass(0, map[string]Observation{"server": refused})
			s.pass(-60*minute, map[string]Observation{"server": imagePull})
			s.pass(2*time.Second, map[string]Observation{"server": imagePull})
			s.pass(10*minute, map[string]Observation{"server": imagePull})
		},
	}
	for name, play := range scenes {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, rollout())
			play(s)
			golden(t, name+".golden", s.text.String())
		})
	}
}

// TestProblems shows what an author sees of a plan with everything wrong.
func TestProblems(t *testing.T) {
	broken := api.Plan{Name: "deploy", Strategy: "seriel", Timeout: duration(-time.Second), Phases: []api.Phase{
		{Name: "config", Strategy: "dag", Steps: []api.Step{
			{Name: "maps", Tasks: []string{"confg", "unheard-of", "config", "config"}, DependsOn: []string{"maps", "secrts", "roll/sevrer", "config/secrets"}},
			{Name: "maps", Tasks: nil, When: "spce.on"},
			{Name: "secrets", Tasks: []string{"config"}, When: "1 + 1", OnFailure: "contnue", Timeout: duration(-time.Minute)},
			{Name: "Bad_Name", Tasks: []string{"config"}, OnFailure: "rollback", Retry: &api.Retry{Limit: -1, Backoff: duration(-1), MaxBackoff: duration(-2)}},
			{Tasks: []string{"config"}, Retry: &api.Retry{Backoff: duration(time.Minute), MaxBackoff: duration(time.Second)}},
			{Name: "early", Tasks: []string{"config"}, DependsOn: []string{"roll/server"}},
		}},
		{Name: "roll", Steps: []api.Step{{Name: "server", Tasks: []string{"config"}}}},
		{Name: "roll"},
		{Name: "many", Steps: []api.Step{{Name: "tasks", Tasks: strings.Split(strings.Repeat("config ", MaxTasks)+"config", " ")[:1]}}},
	}}
	k := kindOf(api.Plan{Name: "x"})
	k.Plans = append(k.Plans, broken, api.Plan{Name: "update", Phases: nil})
	k.Tasks = []api.Task{{Name: "config"}}
	compiled, problems := Compile(k, "deploy")
	if compiled != nil {
		t.Error("a broken plan is returned")
	}
	text := problems.Error() + "\n"
	for _, name := range []string{"update", "deplyo"} {
		_, problems := Compile(k, name)
		text += "\nplan " + name + ":\n" + problems.Error() + "\n"
	}
	golden(t, "problems.golden", text)
}
