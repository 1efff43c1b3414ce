package api

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNodeReady(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	for name, c := range map[string]struct{ status, problem string }{
		"ready":        {`{"conditions":[{"type":"Ready","status":"True","lastHeartbeatTime":"2026-01-02T03:04:05Z"}]}`, ""},
		"not ready":    {`{"conditions":[{"type":"Ready","status":"False","message":"no network"}]}`, "no network"},
		"old report":   {`{"conditions":[{"type":"Ready","status":"True","lastHeartbeatTime":"2026-01-02T03:04:04Z"}]}`, "since it was started"},
		"other report": {`{"conditions":[{"type":"DiskPressure","status":"False"}]}`, "not reported yet"},
	} {
		var n nodeObject
		if err := json.Unmarshal([]byte(`{"status":`+c.status+`}`), &n); err != nil {
			t.Fatal(err)
		}
		err := n.ready(start)
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %v, want %q", name, err, c.problem)
		}
	}
}

func TestPollReturnsTheLastProblem(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	problem := errors.New("no answer")
	if err := Poll(ctx, func() error { return problem }); !errors.Is(err, problem) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v", err)
	}
	calls := 0
	if err := Poll(t.Context(), func() error {
		if calls++; calls < 2 {
			return problem
		}
		return nil
	}); err != nil || calls != 2 {
		t.Errorf("err %v after %d calls", err, calls)
	}
}
