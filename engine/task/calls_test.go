package task

import (
	"context"
	"testing"
	"time"

	"github.com/dittofs/dittofs-operator/engine/plan"
)

func TestCallThatAnswersQuicklyIsAnsweredAtOnce(t *testing.T) {
	c := NewCalls(t.Context(), func(string) {})
	if r := c.try("ns/a", "k", time.Second, func(context.Context) Result { return done() }); r.Outcome != plan.Done {
		t.Fatalf("got %+v, want Done", r)
	}
}

func TestCallThatHangsHoldsNobodyUpAndWakesItsInstance(t *testing.T) {
	woken := make(chan string, 1)
	c := NewCalls(t.Context(), func(i string) { woken <- i })
	release := make(chan struct{})
	slow := func(context.Context) Result { <-release; return done() }

	began := time.Now()
	if r := c.try("ns/a", "k", time.Minute, slow); r.Outcome != plan.Waiting || r.Reason != "Calling" {
		t.Fatalf("got %+v, want Waiting", r)
	}
	if took := time.Since(began); took > time.Second {
		t.Fatalf("the caller was held up for %v", took)
	}
	close(release)
	if i := <-woken; i != "ns/a" {
		t.Fatalf("woke %q", i)
	}
	again := func(context.Context) Result {
		t.Error("the call was made again although its answer was not heard")
		return done()
	}
	if r := c.try("ns/a", "k", time.Minute, again); r.Outcome != plan.Done {
		t.Fatalf("the answer was lost: %+v", r)
	}
}

func TestCallIsRepeatedOnlyWhenItsTimeHasCome(t *testing.T) {
	c := NewCalls(t.Context(), func(string) {})
	now := time.Unix(1000, 0)
	c.now = func() time.Time { return now }
	calls := 0
	notYet := func(context.Context) Result { calls++; return waiting("NotYet", "").again(time.Second) }

	c.try("ns/a", "k", time.Second, notYet)
	now = now.Add(400 * time.Millisecond)
	if r := c.try("ns/a", "k", time.Second, notYet); calls != 1 || r.Again != 600*time.Millisecond {
		t.Fatalf("calls %d, again %v; want 1 call and 600ms left", calls, r.Again)
	}
	now = now.Add(time.Second)
	if c.try("ns/a", "k", time.Second, notYet); calls != 2 {
		t.Fatalf("calls %d, want 2", calls)
	}
}

func TestForgottenCallIsCancelled(t *testing.T) {
	c := NewCalls(t.Context(), func(string) {})
	ended := make(chan struct{})
	c.try("ns/a", "run1/step/task", time.Minute, func(ctx context.Context) Result {
		<-ctx.Done()
		close(ended)
		return done()
	})
	c.Forget("run2/")
	select {
	case <-ended:
		t.Fatal("a call of another run was ended")
	default:
	}
	c.Forget("run1/")
	<-ended
}

func TestCallEndsAtItsTimeLimit(t *testing.T) {
	c := NewCalls(t.Context(), func(string) {})
	r := c.try("ns/a", "k", time.Millisecond, func(ctx context.Context) Result {
		<-ctx.Done()
		return transient("Unreachable", ctx.Err().Error())
	})
	if r.Outcome != plan.Transient {
		t.Fatalf("got %+v, want Transient", r)
	}
}
