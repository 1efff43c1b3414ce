package engine

import (
	"fmt"
	"net"
	"sort"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/nfsd"
)

// Client is one open connection of an adapter.
type Client struct {
	ID           string         `json:"client_id"`
	Protocol     string         `json:"protocol"`
	Address      string         `json:"address"`
	User         string         `json:"user"`
	ConnectedAt  time.Time      `json:"connected_at"`
	LastActivity time.Time      `json:"last_activity"`
	Shares       []string       `json:"shares"`
	NFS          map[string]any `json:"nfs,omitempty"`
	SMB          map[string]any `json:"smb,omitempty"`

	conn net.Conn
}

// Mount is one entry of the mount list; it stays until UMNT or the end of the
// process.
type Mount struct {
	ClientAddr string    `json:"client_addr"`
	Protocol   string    `json:"protocol"`
	Share      string    `json:"share_name"`
	MountedAt  time.Time `json:"mounted_at"`
}

type mountKey struct{ client, share string }

// track makes a Client of a connection and forgets it when it is closed.
func (e *Engine) track(protocol string, conn net.Conn) net.Conn {
	now := time.Now().UTC()
	c := &Client{
		Protocol: protocol, Address: conn.RemoteAddr().String(), ConnectedAt: now, LastActivity: now, conn: conn,
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.nextConn++
	c.ID = fmt.Sprintf("%s-%d", protocol, e.nextConn)
	if protocol == "nfs" {
		c.NFS = map[string]any{"version": "3", "auth_flavor": "", "uid": 0, "gid": 0}
	} else {
		c.SMB = map[string]any{"session_id": e.nextConn, "dialect": "", "signed": false, "encrypted": false}
	}
	e.conns[c.ID] = c
	tracked := &trackedConn{Conn: conn, done: func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.conns, c.ID)
	}}
	tracked.sniffer.OnUmount = func(share string) { e.forgetMount(conn.RemoteAddr(), share) }
	return tracked
}

func (e *Engine) forgetMount(client net.Addr, share string) {
	host, _, _ := net.SplitHostPort(client.String())
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.mounts, mountKey{host, share})
}

// trackedConn tells when it is closed, by either side.
type trackedConn struct {
	net.Conn
	done    func()
	sniffer nfsd.Sniffer
}

func (c *trackedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.sniffer.Feed(p[:n])
	if err != nil {
		c.done()
	}
	return n, err
}

func (c *trackedConn) Close() error {
	c.done()
	return c.Conn.Close()
}

// Clients lists the open connections.
func (e *Engine) Clients(protocol, share string) []Client {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := []Client{}
	for _, c := range e.conns {
		if (protocol == "" || c.Protocol == protocol) && share == "" {
			out = append(out, *c)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// Disconnect closes the connection of a client.
func (e *Engine) Disconnect(id string) bool {
	e.mu.Lock()
	c := e.conns[id]
	delete(e.conns, id)
	e.mu.Unlock()
	if c == nil {
		return false
	}
	_ = c.conn.Close()
	return true
}

func (e *Engine) closeConns(protocol string) {
	for _, c := range e.Clients(protocol, "") {
		e.Disconnect(c.ID)
	}
}

func (e *Engine) recordMount(client net.Addr, share string) {
	host, _, _ := net.SplitHostPort(client.String())
	e.mu.Lock()
	defer e.mu.Unlock()
	e.mounts[mountKey{host, share}] = Mount{host, "nfs", share, time.Now().UTC()}
}

// Mounts lists the mounts of a protocol, or all.
func (e *Engine) Mounts(protocol string) []Mount {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := []Mount{}
	for _, m := range e.mounts {
		if protocol == "" || m.Protocol == protocol {
			out = append(out, m)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].MountedAt.Before(out[j].MountedAt) })
	return out
}

// MountList implements nfsd.Backend.
func (e *Engine) MountList() (out [][2]string) {
	for _, m := range e.Mounts("nfs") {
		out = append(out, [2]string{m.ClientAddr, m.Share})
	}
	return out
}

// ExportNames implements nfsd.Backend.
func (e *Engine) ExportNames() (out []string) {
	for _, s := range e.Shares() {
		out = append(out, s.Name)
	}
	return out
}

// UnmountAll implements nfsd.Backend.
func (e *Engine) UnmountAll(client net.Addr) {
	host, _, _ := net.SplitHostPort(client.String())
	e.mu.Lock()
	defer e.mu.Unlock()
	for key := range e.mounts {
		if key.client == host {
			delete(e.mounts, key)
		}
	}
}
