package engine

import (
	"fmt"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/nfsd"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// startTime is how long an adapter says "has not started yet" after a start.
const startTime = 50 * time.Millisecond

// adapter is a running protocol adapter; it counts as running even when its
// port could not be bound.
type adapter struct {
	row state.Adapter

	mu       sync.Mutex
	listener net.Listener
	bound    time.Time
	stopped  bool
}

// DefaultPort is what an adapter listens on when its port is 0 or below.
func DefaultPort(kind string) int {
	if kind == "smb" {
		return 12445
	}
	return 12049
}

// checkPort panics for a port above 65535, as the real server does, both at a
// change and at every start.
func checkPort(row *state.Adapter) {
	if row.Port > 65535 {
		panic(fmt.Sprintf("invalid %s config: invalid port %d: must be 0-65535", strings.ToUpper(row.Type), row.Port))
	}
}

// StartAdapters starts all enabled adapters.
func (e *Engine) StartAdapters() {
	var rows []state.Adapter
	e.DB.View(func(d *state.Data) { rows = append(rows, d.Adapters...) })
	for i := range rows {
		if rows[i].Enabled {
			e.StartAdapter(&rows[i])
		}
	}
}

// StartAdapter starts an adapter; a listener that cannot be bound is logged
// and not tried again.
func (e *Engine) StartAdapter(row *state.Adapter) {
	checkPort(row)
	a := &adapter{row: *row}
	e.mu.Lock()
	e.adapters[row.Type] = a
	e.mu.Unlock()
	if e.Faults.Get().Blocks(row.Type) {
		return
	}
	go e.run(a)
}

func (e *Engine) run(a *adapter) {
	l, err := net.Listen("tcp", listenAddr(&a.row))
	if err != nil {
		fmt.Printf("{\"level\":\"ERROR\",\"msg\":\"Adapter failed\",\"error\":\"failed to create %s listener on port %d: %s\"}\n",
			strings.ToUpper(a.row.Type), a.row.Port, err)
		return
	}
	a.mu.Lock()
	if a.stopped {
		a.mu.Unlock()
		_ = l.Close()
		return
	}
	a.listener, a.bound = l, time.Now()
	a.mu.Unlock()
	tracked := &trackedListener{Listener: l, kind: a.row.Type, e: e}
	if a.row.Type == "nfs" {
		_ = nfsd.Serve(tracked, e)
		return
	}
	serveSMB(tracked)
}

// listenAddr applies bind_address, DITTOFS_SIM_BIND and the port map of tests.
func listenAddr(row *state.Adapter) string {
	port := row.Port
	if port <= 0 {
		port = DefaultPort(row.Type)
	}
	host, _ := row.Config["bind_address"].(string)
	if host == "" {
		host = os.Getenv("DITTOFS_SIM_BIND")
	}
	return net.JoinHostPort(host, strconv.Itoa(mapPort(port)))
}

// mapPort lets tests put "12049=34001,1445=34002" in DITTOFS_SIM_PORT_MAP: the
// API goes on showing the first number.
func mapPort(port int) int {
	for _, pair := range strings.Split(os.Getenv("DITTOFS_SIM_PORT_MAP"), ",") {
		from, to, _ := strings.Cut(pair, "=")
		if from == strconv.Itoa(port) {
			if n, err := strconv.Atoi(to); err == nil {
				return n
			}
		}
	}
	return port
}

// serveSMB only accepts connections and keeps them open: the stand-in speaks
// no SMB.
func serveSMB(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			buf := make([]byte, 4096)
			for {
				if _, err := conn.Read(buf); err != nil {
					_ = conn.Close()
					return
				}
			}
		}()
	}
}

// StopAdapter closes listener and connections.
func (e *Engine) StopAdapter(kind string) {
	e.mu.Lock()
	a := e.adapters[kind]
	delete(e.adapters, kind)
	e.mu.Unlock()
	if a == nil {
		return
	}
	a.mu.Lock()
	a.stopped = true
	if a.listener != nil {
		_ = a.listener.Close()
	}
	a.mu.Unlock()
	e.closeConns(kind)
}

func (e *Engine) stopAdapters() {
	for _, kind := range e.Running() {
		e.StopAdapter(kind)
	}
}

// ApplyAdapter starts, stops or rebinds an adapter after a change of its row.
// It panics when the port is impossible; the row is stored by then.
func (e *Engine) ApplyAdapter(row *state.Adapter) {
	e.mu.Lock()
	a := e.adapters[row.Type]
	e.mu.Unlock()
	switch {
	case !row.Enabled:
		e.StopAdapter(row.Type)
	case a == nil:
		e.StartAdapter(row)
	case a.row.Port != row.Port:
		e.StopAdapter(row.Type)
		e.StartAdapter(row)
	}
}

// Running lists the types of the running adapters.
func (e *Engine) Running() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := []string{}
	for kind := range e.adapters {
		out = append(out, kind)
	}
	sort.Strings(out)
	return out
}

// IsRunning tells whether an adapter runs.
func (e *Engine) IsRunning(kind string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.adapters[kind] != nil
}

// AdapterStatus is the cached health of an adapter.
func (e *Engine) AdapterStatus(kind string) Status {
	return e.status.get("adapter:"+kind, func() Status { return e.adapterHealth(kind) })
}

// ForgetAdapterStatus drops the cached health.
func (e *Engine) ForgetAdapterStatus(kind string) { e.status.drop("adapter:" + kind) }

// NotStarted is the status of an adapter that was just made.
func NotStarted(kind string) Status {
	return newStatus(Unknown, strings.ToUpper(kind)+" adapter has not started yet")
}

func (e *Engine) adapterHealth(kind string) Status {
	e.mu.Lock()
	a := e.adapters[kind]
	e.mu.Unlock()
	if a == nil {
		return newStatus(Unknown, "adapter "+kind+" not running")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.listener == nil || time.Since(a.bound) < startTime {
		return NotStarted(kind)
	}
	return newStatus(Healthy, "")
}

// trackedListener lists its connections as clients.
type trackedListener struct {
	net.Listener
	kind string
	e    *Engine
}

func (l *trackedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.e.track(l.kind, conn), nil
}
