package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	nfsc "github.com/willscott/go-nfs-client/nfs"
)

// api sends one authorized request and returns status and body.
func (s *server) api(method, path, body string) (int, string) {
	s.t.Helper()
	req, _ := http.NewRequest(http.MethodPost, s.url(8080, "/api/v1/auth/login"),
		strings.NewReader(`{"username":"admin","password":"Admin-dummy-1"}`))
	var pair struct {
		AccessToken string `json:"access_token"`
	}
	_, text := s.do(req)
	_ = json.Unmarshal([]byte(text), &pair)
	req, _ = http.NewRequest(method, s.url(8080, "/api/v1"+path), strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+pair.AccessToken)
	return s.do(req)
}

func (s *server) do(req *http.Request) (int, string) {
	s.t.Helper()
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// must sends a request that has to succeed.
func (s *server) must(method, path, body string) {
	s.t.Helper()
	if status, text := s.api(method, path, body); status < 200 || status > 299 {
		s.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
}

// withShare starts a server with the share /export.
func withShare(t *testing.T) *server {
	s := newServer(t)
	s.start()
	config := func(dir string) string { return `"config":"{\"path\":\"` + filepath.Join(s.dir, dir) + `\"}"` }
	s.must("POST", "/store/metadata", `{"name":"m1","type":"badger",`+config("m1")+`}`)
	s.must("POST", "/store/block/local", `{"name":"l1","type":"fs",`+config("l1")+`}`)
	s.must("POST", "/shares", `{"name":"export","metadata_store_id":"m1","local_block_store":"l1","default_permission":"read-write"}`)
	return s
}

func TestHandlesAndContentSurviveKill(t *testing.T) {
	t.Parallel()
	s := withShare(t)
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<19) // 8 MiB
	var handle []byte
	s.with(t, "/export", func(m *nfsMount) {
		for _, dir := range []string{"a", "a/b"} {
			if _, err := m.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.put("a/b/old", big); err != nil {
			t.Fatal(err)
		}
		// the renamed file must keep its handle
		_, before, err := m.Lookup("a/b/old")
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Rename("a/b/old", "a/b/new"); err != nil {
			t.Fatal(err)
		}
		if _, handle, err = m.Lookup("a/b/new"); err != nil || !bytes.Equal(before, handle) {
			t.Errorf("rename changed the handle: %v", err)
		}
	})
	s.kill()
	s.start()
	s.with(t, "/export", func(m *nfsMount) {
		if _, err := m.GetAttr(handle); err != nil {
			t.Errorf("the handle is stale after kill -9: %s", err)
		}
		if got, err := m.get("a/b/new"); err != nil || !bytes.Equal(got, big) {
			t.Errorf("content after kill -9: %d bytes, %v", len(got), err)
		}
	})
}

func TestDisabledShareRefusesNewMountsOnly(t *testing.T) {
	t.Parallel()
	s := withShare(t)
	m, err := mountShare(s.ports[12049], "/export")
	if err != nil {
		t.Fatal(err)
	}
	defer m.rpc.Close()
	s.must("POST", "/shares/export/disable", "")
	if err := m.put("late", []byte("x")); err != nil {
		t.Errorf("a client that was there cannot go on: %s", err)
	}
	if _, err := mountShare(s.ports[12049], "/export"); err == nil {
		t.Error("a new mount was accepted")
	}
	if _, err := mountShare(s.ports[12049], "/export/sub"); err == nil {
		t.Error("a directory below a share was mounted")
	}
}

func TestDisabledAdapterClosesConnections(t *testing.T) {
	t.Parallel()
	s := withShare(t)
	r := &replay{t: t, server: s}
	r.rawConn("/export\x00")
	s.must("PUT", "/adapters/nfs", `{"enabled":false}`)
	_ = r.raw.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := r.raw.Read(make([]byte, 16)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection was not closed: %v", err)
	}
	if _, err := mountShare(s.ports[12049], "/export"); err == nil {
		t.Error("the listener is still there")
	}
}

func TestReadOnlyShareAndFaults(t *testing.T) {
	t.Parallel()
	s := withShare(t)
	control := filepath.Join(s.dir, "controlplane/dittofs-sim.json")
	write := func(text string) {
		if err := os.WriteFile(control, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.must("PUT", "/shares/export", `{"read_only":true}`)
	s.with(t, "/export", func(m *nfsMount) {
		if err := m.put("x", []byte("x")); !isNFS(err, nfsc.NFS3ErrAcces) {
			t.Errorf("write on a read-only share: %v", err)
		}
	})
	s.must("PUT", "/shares/export", `{"read_only":false}`)
	write(`{"nfs_read_only":true}`)
	s.with(t, "/export", func(m *nfsMount) {
		if err := m.put("x", []byte("x")); !isNFS(err, nfsc.NFS3ErrROFS) {
			t.Errorf("write with nfs_read_only: %v", err)
		}
	})
	write(`{"nfs_write_fail":"nospc"}`)
	s.with(t, "/export", func(m *nfsMount) {
		if err := m.put("x", []byte("x")); !isNFS(err, nfsc.NFS3ErrNoSpc) {
			t.Errorf("write with nfs_write_fail: %v", err)
		}
	})
	write(`{"api":"503","api_path":"/health/ready"}`)
	if status, _ := s.get("/health/ready"); status != 503 {
		t.Errorf("api 503: got %d", status)
	}
	if status, _ := s.get("/health"); status != 200 {
		t.Errorf("api_path was not looked at: got %d", status)
	}
	write(`{"api":"garbage"}`)
	if _, text := s.get("/health"); json.Valid([]byte(text)) {
		t.Errorf("api garbage: got valid JSON %s", text)
	}
	_ = os.Remove(control)
	if status, _ := s.get("/health/ready"); status != 200 {
		t.Errorf("without the control file: got %d", status)
	}
}

func (s *server) get(path string) (int, string) {
	req, _ := http.NewRequest(http.MethodGet, s.url(8080, path), nil)
	return s.do(req)
}

func isNFS(err error, code uint32) bool {
	var e *nfsc.Error
	return errors.As(err, &e) && e.ErrorNum == code
}

// TestAccess follows a real server: a root client is squashed to a guest that
// has the default permission, unless the squash leaves it an administrator.
func TestAccess(t *testing.T) {
	t.Parallel()
	s := withShare(t)
	for _, c := range []struct {
		permission, squash string
		read, write        bool
	}{
		{"none", "root_to_guest", false, false}, {"none", "all_to_guest", false, false}, {"read", "root_to_guest", true, false},
		{"read-write", "root_to_guest", true, true}, {"admin", "root_to_guest", true, true}, {"none", "none", true, true},
		{"none", "root_to_admin", true, true}, {"none", "all_to_admin", true, true},
	} {
		s.must("PUT", "/shares/export", `{"default_permission":"`+c.permission+`"}`)
		s.must("PATCH", "/shares/export/adapters/nfs/config", `{"squash":"`+c.squash+`"}`)
		s.with(t, "/export", func(m *nfsMount) {
			_, readErr := m.ReadDirPlus("/")
			_, writeErr := m.Create(c.permission+c.squash, 0o644)
			if (readErr == nil) != c.read || (writeErr == nil) != c.write {
				t.Errorf("%s with %s: read %v, write %v", c.permission, c.squash, readErr, writeErr)
			}
		})
	}
}
