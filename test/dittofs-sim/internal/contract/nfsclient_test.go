package contract

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	nfsc "github.com/willscott/go-nfs-client/nfs"
	"github.com/willscott/go-nfs-client/nfs/rpc"
)

// nfsMount is an open NFSv3 connection to one share.
type nfsMount struct {
	*nfsc.Target
	rpc *rpc.Client
}

func mountShare(port int, share string) (*nfsMount, error) {
	client, err := dial(port)
	if err != nil {
		return nil, err
	}
	m := nfsc.Mount{Client: client}
	target, err := m.Mount(share, rpc.AuthNull)
	if err != nil {
		client.Close()
		return nil, err
	}
	return &nfsMount{target, client}, nil
}

// dial tries again when the local port, which the client library picks by
// chance, is taken.
func dial(port int) (client *rpc.Client, err error) {
	for range 20 {
		client, err = rpc.DialTCP("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), false)
		if err == nil || !strings.Contains(err.Error(), "bind") {
			break
		}
	}
	return client, err
}

func (m *nfsMount) put(name string, content []byte) error {
	f, err := m.OpenFile(name, 0o644)
	if err != nil {
		return err
	}
	for len(content) > 0 {
		n, err := f.Write(content[:min(1<<20, len(content))])
		if err != nil {
			_ = f.Close()
			return err
		}
		content = content[n:]
	}
	return f.Close()
}

func (m *nfsMount) get(name string) ([]byte, error) {
	f, err := m.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// with mounts a share for one action.
func (s *server) with(t *testing.T, share string, f func(m *nfsMount)) {
	t.Helper()
	m, err := mountShare(s.ports[12049], share)
	if err != nil {
		t.Errorf("mount %s: %s", share, err)
		return
	}
	defer m.rpc.Close()
	f(m)
}

// nfsClient does what an NFS client did.
func (r *replay) nfsClient(hint string) {
	switch {
	case writePattern.MatchString(hint):
		m := writePattern.FindStringSubmatch(hint)
		r.write(m[1], m[2], content(m[3]))
	case strings.Contains(hint, "12 succeed"):
		for i := range 12 {
			r.write("/small", fmt.Sprintf("f%d.bin", i), make([]byte, 5<<20))
		}
		r.server.with(r.t, "/small", func(m *nfsMount) {
			if err := m.put("f12.bin", make([]byte, 5<<20)); err == nil {
				r.t.Error("a write into a full share succeeded")
			}
		})
	case strings.Contains(hint, "one more file"):
		r.write("/small", "more.bin", make([]byte, 5<<20))
	case strings.Contains(hint, "removes "):
		_, path, _ := strings.Cut(hint, "removes ")
		share, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		r.server.with(r.t, "/"+share, func(m *nfsMount) {
			if err := m.Remove(name); err != nil {
				r.t.Error(err)
			}
		})
	case strings.Contains(hint, "MNT3ERR_ACCES"):
		if _, err := mountShare(r.server.ports[12049], "/s1"); err == nil {
			r.t.Error("a disabled share could be mounted")
		}
	}
}

func content(text string) []byte {
	if m := sizePattern.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return make([]byte, n)
	}
	return []byte(strings.ReplaceAll(strings.Trim(text, "'"), `\n`, "\n"))
}

func (r *replay) write(share, name string, content []byte) {
	r.server.with(r.t, share, func(m *nfsMount) {
		_ = m.Remove(name)
		if err := m.put(name, content); err != nil {
			r.t.Errorf("write %s/%s: %s", share, name, err)
		}
		if r.umount {
			_ = m.unmount(share)
		}
	})
}

// unmount sends UMNT; the library can only do it for the connection that
// mounted.
func (m *nfsMount) unmount(share string) error {
	type umount struct {
		rpc.Header
		Dirpath string
	}
	_, err := m.rpc.Call(&umount{rpc.Header{
		Rpcvers: 2, Prog: nfsc.MountProg, Vers: nfsc.MountVers, Proc: nfsc.MountProc3UMNT,
		Cred: rpc.AuthNull, Verf: rpc.AuthNull,
	}, share})
	return err
}

// rawClient mounts /s1 over a connection that is not opened again when the
// server closes it.
func (r *replay) rawClient() { r.rawConn("/s1\x00") }

// rawConn mounts a share; its name must be filled up to a multiple of four.
func (r *replay) rawConn(share string) {
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", r.server.ports[12049]))
	if err != nil {
		r.t.Fatal(err)
	}
	r.raw = conn
	size := uint32(len(share))
	name := uint32(len(strings.TrimRight(share, "\x00")))
	words := []uint32{1<<31 | 44 + size, 1, 0, 2, nfsc.MountProg, nfsc.MountVers, nfsc.MountProc3MNT, 0, 0, 0, 0, name}
	var msg []byte
	for _, w := range words {
		msg = binary.BigEndian.AppendUint32(msg, w)
	}
	_, _ = conn.Write(append(msg, share...))
	if _, err := conn.Read(make([]byte, 256)); err != nil {
		r.t.Error(err)
	}
}

// heldClient mounts /s1 once and keeps the connection.
func (r *replay) heldClient() {
	if r.held != nil {
		return
	}
	m, err := mountShare(r.server.ports[12049], "/s1")
	if err != nil {
		r.t.Errorf("mount /s1: %s", err)
		return
	}
	r.held = m
}

// writeHeld writes over the connection that was there before.
func (r *replay) writeHeld(share, name string, size int) {
	if r.held == nil {
		return
	}
	if err := r.held.put(name, make([]byte, size)); err != nil {
		r.t.Errorf("a client of the disabled share %s could not go on: %s", share, err)
	}
}

func (r *replay) closeHeld() {
	if r.raw != nil {
		_ = r.raw.Close()
		r.raw = nil
	}
	if r.held != nil {
		r.held.rpc.Close()
		r.held = nil
	}
}
