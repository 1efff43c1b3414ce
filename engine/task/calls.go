package task

import (
	"context"
	"sync"
	"time"
)

// Calls runs network calls outside of any worker: a call that hangs delays nobody but the task
// that made it. The zero value is not usable; see NewCalls.
type Calls struct {
	ctx    context.Context
	wake   func(instance string)
	now    func() time.Time
	mu     sync.Mutex
	calls  map[string]*call
	tokens tokens
}

// call is one call of one task: in flight until done is closed.
type call struct {
	done   chan struct{}
	ended  time.Time
	result Result
	cancel context.CancelFunc
	// taken says that somebody has seen the result: only then may the call be made again.
	taken bool
}

// ReasonCalling is the reason of a task whose call has no answer yet.
const ReasonCalling = "Calling"

// patience is how long a caller waits for a quick answer before it goes on with other work.
const patience = 40 * time.Millisecond

// NewCalls returns a place for calls that end with ctx. When one has ended, wake is called with
// the instance that it was made for.
func NewCalls(ctx context.Context, wake func(instance string)) *Calls {
	return &Calls{ctx: ctx, wake: wake, now: time.Now, calls: map[string]*call{}, tokens: tokens{m: map[string]token{}}}
}

// try returns the result of the call under key, and starts it when there is none or when the last
// one wants to be repeated and its time has come.
func (c *Calls) try(instance, key string, timeout time.Duration, f func(context.Context) Result) Result {
	cl := c.current(instance, key, timeout, f)
	select {
	case <-cl.done:
		return c.take(key, cl)
	case <-time.After(patience):
		return waiting(ReasonCalling, "the call is under way")
	}
}

// current returns the call in flight or just ended, or starts a new one.
func (c *Calls) current(instance, key string, timeout time.Duration, f func(context.Context) Result) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cl, ok := c.calls[key]; ok && !c.due(cl) {
		return cl
	}
	ctx, cancel := context.WithTimeout(c.ctx, timeout)
	cl := &call{done: make(chan struct{}), cancel: cancel}
	c.calls[key] = cl
	go func() {
		defer cancel()
		cl.result = f(ctx)
		cl.ended = c.now()
		close(cl.done)
		c.wake(instance)
	}()
	return cl
}

// due says whether a call has ended, was heard of, and shall be made again.
func (c *Calls) due(cl *call) bool {
	return cl.taken && !c.now().Before(cl.ended.Add(cl.result.Again))
}

// take returns the result of an ended call. A result that asks to be tried again is kept until
// then, so that other wake-ups in between do not repeat the call.
func (c *Calls) take(key string, cl *call) Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := cl.result
	cl.taken = true
	if r.Again == 0 {
		delete(c.calls, key)
		return r
	}
	r.Again = max(cl.ended.Add(r.Again).Sub(c.now()), time.Millisecond)
	return r
}

// Forget ends and drops all calls whose key has the prefix, such as a run's.
func (c *Calls) Forget(prefix string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, cl := range c.calls {
		if len(key) >= len(prefix) && key[:len(prefix)] == prefix {
			cl.cancel()
			delete(c.calls, key)
		}
	}
}
