package contract

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"
)

var (
	keyPattern   = regexp.MustCompile(`\b([a-z]+(?:\.[a-z_]+)+): (true|false|[0-9]+m?s)\b`)
	waitPattern  = regexp.MustCompile(`^wait ([0-9.]+)s`)
	writePattern = regexp.MustCompile(`^NFS client writes (/\w+)/(\S+) \((.*)\)$`)
	sizePattern  = regexp.MustCompile(`^(\d+) random bytes`)
)

// before does what happened before an exchange.
func (r *replay) before(hint string) {
	switch {
	case strings.HasPrefix(hint, "new server: "), strings.HasPrefix(hint, "fresh data dir"), strings.HasPrefix(hint, "PostgreSQL 15"):
		r.beginServer(hint)
	case strings.Contains(hint, "S3 server"):
		r.changeS3(hint)
	case strings.HasPrefix(hint, "dfs"), strings.HasPrefix(hint, "same data"):
		r.restart(hint)
	case waitPattern.MatchString(hint):
		r.wait(hint)
	case strings.HasPrefix(hint, "NFS client"):
		r.nfsClient(hint)
	case strings.HasPrefix(hint, "NFSv3 client connects"):
		r.rawClient()
	case strings.HasPrefix(hint, "NFSv3 client mounts"):
		r.heldClient()
		r.writeHeld("/s1", "smb1.txt", 4) // was written over SMB
	case strings.HasPrefix(hint, "clients that were there before"):
		r.writeHeld("/s1", "smb2.txt", 4)
	case strings.HasPrefix(hint, "PostgreSQL is "):
		r.changePostgres(strings.Contains(hint, "started"))
	case strings.Contains(hint, "the other program is gone"):
		_ = r.blocker.Close()
	case strings.Contains(hint, "the file is replaced by a directory"):
		_ = os.Remove(filepath.Join(r.server.dir, "store/block/l2"))
		_ = os.MkdirAll(filepath.Join(r.server.dir, "store/block/l2"), 0o755)
	}
}

func (r *replay) wait(hint string) {
	seconds, _ := strconv.ParseFloat(waitPattern.FindStringSubmatch(hint)[1], 64)
	switch {
	case strings.Contains(hint, "cache"):
		time.Sleep(cacheTime + 300*time.Millisecond)
	case seconds > 10: // grace period of NFSv4, which is not there
	default:
		time.Sleep(time.Duration(seconds * float64(time.Second)))
	}
}

func (r *replay) beginServer(hint string) {
	s := r.server
	s.kill()
	r.closeHeld()
	s.fresh()
	if strings.Contains(hint, "no DITTOFS_ADMIN_INITIAL_PASSWORD") {
		delete(s.env, "DITTOFS_ADMIN_INITIAL_PASSWORD")
	}
	if strings.Contains(hint, "admin.password_hash") {
		hash, _ := bcrypt.GenerateFromPassword([]byte("Hash-dummy-1"), bcrypt.MinCost)
		s.env["DITTOFS_ADMIN_PASSWORD_HASH"] = string(hash)
	}
	if strings.Contains(hint, "another program listens") {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", s.ports[12049]))
		if err != nil {
			r.t.Fatal(err)
		}
		r.blocker = l
	}
	if strings.Contains(hint, "PostgreSQL") {
		r.changePostgres(true)
	}
	if strings.Contains(hint, "database.type: postgres") {
		for k, v := range map[string]string{"TYPE": "postgres", "POSTGRES_HOST": "127.0.0.1", "POSTGRES_USER": "dfs",
			"POSTGRES_DATABASE": "dfs", "POSTGRES_PORT": strconv.Itoa(s.ports[15432])} {
			s.env["DITTOFS_DATABASE_"+k] = v
		}
	}
	r.applyKeys(hint)
	s.start()
}

// applyKeys puts settings such as "controlplane.write_timeout: 120s" into the
// environment.
func (r *replay) applyKeys(hint string) {
	for _, m := range keyPattern.FindAllStringSubmatch(hint, -1) {
		r.server.env["DITTOFS_"+strings.ToUpper(strings.ReplaceAll(m[1], ".", "_"))] = m[2]
	}
	if strings.Contains(hint, "the default controlplane.write_timeout") {
		r.server.env["DITTOFS_CONTROLPLANE_WRITE_TIMEOUT"] = writeTimeout.String()
	}
	if strings.Contains(hint, "refresh_token_duration: 5s") {
		r.server.env["DITTOFS_CONTROLPLANE_JWT_REFRESH_TOKEN_DURATION"] = "5s"
	}
	if strings.Contains(hint, "metrics.auth: token") {
		file := filepath.Join(r.server.dir, "token")
		_ = os.WriteFile(file, []byte("dummy-metrics-token\n"), 0o600)
		r.server.env["DITTOFS_METRICS_AUTH"], r.server.env["DITTOFS_METRICS_TOKEN_FILE"] = "token", file
	}
	if strings.Contains(hint, "another JWT secret") {
		r.server.env["DITTOFS_CONTROLPLANE_SECRET"] = "another-secret-0123456789-abcdefghijkl"
	}
	if _, v, found := strings.Cut(hint, "restarted with DITTOFS_ADMIN_INITIAL_PASSWORD="); found {
		r.server.env["DITTOFS_ADMIN_INITIAL_PASSWORD"] = v
	}
}

func (r *replay) restart(hint string) {
	s := r.server
	if strings.Contains(hint, "kill -9") {
		s.kill()
	} else if code := s.stop(); code != 0 {
		r.t.Errorf("exit code %d after SIGTERM, want 0", code)
	}
	r.closeHeld()
	r.applyKeys(hint)
	switch {
	case strings.Contains(hint, "the process panics"):
		r.repairPort()
	case strings.Contains(hint, "metadata store m1 is removed"):
		_ = os.RemoveAll(filepath.Join(s.dir, "store/metadata/m1"))
	case strings.Contains(hint, "local block store l2 is removed"):
		_ = os.RemoveAll(filepath.Join(s.dir, "store/block/l2"))
	case strings.Contains(hint, "l2 is a plain file"):
		_ = os.RemoveAll(filepath.Join(s.dir, "store/block/l2"))
		_ = os.WriteFile(filepath.Join(s.dir, "store/block/l2"), nil, 0o600)
	case strings.Contains(hint, "control-plane database directory is removed"):
		_ = os.RemoveAll(filepath.Join(s.dir, "controlplane"))
	}
	s.start()
}

// repairPort sees the panic at every start and then mends the row by hand.
func (r *replay) repairPort() {
	s := r.server
	s.launch()
	_ = s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != 2 {
		r.t.Errorf("start with a stored port of 70000: exit code %d, want 2", code)
	}
	s.cmd = nil
	file := filepath.Join(s.dir, "controlplane/controlplane.db-wal")
	rows, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = os.WriteFile(file, []byte(strings.Replace(string(rows), "70000", "1445", 1)), 0o600)
}

func (r *replay) changeS3(hint string) {
	switch {
	case strings.HasPrefix(hint, "dfs"): // kill -9, resume, start
		r.server.kill()
		r.s3.resume()
		r.server.start()
	case strings.Contains(hint, "resumed 12 s later"):
		r.s3.pause()
		time.AfterFunc(writeTimeout+2*time.Second, r.s3.resume)
	case strings.Contains(hint, "paused"):
		r.lookAtShares()
		r.s3.pause()
	case strings.Contains(hint, "resumed"):
		r.s3.resume()
	case strings.Contains(hint, "stopped"):
		r.s3.stop()
	case strings.Contains(hint, "started again"):
		r.s3.start()
	}
}

// lookAtShares lets the server find out anew that all is well, so that it does
// not ask again while S3 is paused: with the times of the recording it did not.
func (r *replay) lookAtShares() {
	time.Sleep(cacheTime)
	r.server.must("GET", "/shares", "")
}

// changePostgres opens or closes a port that stands for the database.
func (r *replay) changePostgres(up bool) {
	if r.postgres != nil {
		_ = r.postgres.Close()
		r.postgres = nil
	}
	if !up {
		return
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", r.server.ports[15432]))
	if err != nil {
		r.t.Fatal(err)
	}
	r.postgres = l
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
}
