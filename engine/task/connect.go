package task

import (
	"context"
	"fmt"
	"net"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// connect opens and closes a TCP connection to an endpoint.
func (e *Executor) connect(ctx context.Context, r Request) Result {
	ep := r.Program.Kind.Endpoint(r.Task.Connect.Endpoint)
	addr, err := e.target(ctx, r, ep)
	if err != nil {
		return transient("EndpointNotFound", sentence("endpoint "+ep.Name, err))
	}
	timeout := r.Task.Connect.Timeout.Duration
	if timeout == 0 {
		timeout = api.DefaultDialTimeout
	}
	return e.Calls.try(r.instance(), r.callKey(), timeout, func(ctx context.Context) Result {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			return waiting("NotListening", fmt.Sprintf("nothing listens on endpoint %s (%s): %v", ep.Name, addr, cause(err))).again(poll / 4)
		}
		_ = conn.Close()
		return done()
	})
}
