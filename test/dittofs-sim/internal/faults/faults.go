package faults

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Set is one state of all switches. The control file is this type as JSON.
type Set struct {
	StartDelay   string `json:"start_delay,omitempty"`    // sleep before anything listens
	ExitCode     int    `json:"exit_code,omitempty"`      // exit with this code instead of starting
	CrashAfter   string `json:"crash_after,omitempty"`    // kill -9 itself after this time
	API          string `json:"api,omitempty"`            // 503, hang, garbage
	APIPath      string `json:"api_path,omitempty"`       // only paths that contain this text
	NoListen     string `json:"no_listen,omitempty"`      // comma list of adapters that never bind
	NFSReadOnly  bool   `json:"nfs_read_only,omitempty"`  // NFS refuses writes (ROFS)
	NFSWriteFail string `json:"nfs_write_fail,omitempty"` // io or nospc
	NotReady     bool   `json:"not_ready,omitempty"`      // /health/ready answers 503
	IgnoreTerm   bool   `json:"ignore_term,omitempty"`    // SIGTERM does nothing
	SnapshotFail bool   `json:"snapshot_fail,omitempty"`  // each new snapshot ends as failed
	CorruptReads bool   `json:"corrupt_reads,omitempty"`  // NFS reads answer zeros
}

// Source gives the current switches.
type Source struct {
	file  string
	env   Set
	mu    sync.Mutex
	stamp time.Time
	last  Set
}

// NewSource reads the environment; file may be "".
func NewSource(file string) *Source {
	s := &Source{file: file}
	code, _ := strconv.Atoi(os.Getenv("DITTOFS_SIM_EXIT_CODE"))
	s.env = Set{
		StartDelay: os.Getenv("DITTOFS_SIM_START_DELAY"), ExitCode: code,
		CrashAfter: os.Getenv("DITTOFS_SIM_CRASH_AFTER"),
		API:        os.Getenv("DITTOFS_SIM_API"), APIPath: os.Getenv("DITTOFS_SIM_API_PATH"),
		NoListen:    os.Getenv("DITTOFS_SIM_NO_LISTEN"),
		NFSReadOnly: on("DITTOFS_SIM_NFS_READ_ONLY"), NFSWriteFail: os.Getenv("DITTOFS_SIM_NFS_WRITE_FAIL"),
		NotReady: on("DITTOFS_SIM_NOT_READY"), IgnoreTerm: on("DITTOFS_SIM_IGNORE_TERM"),
		SnapshotFail: on("DITTOFS_SIM_SNAPSHOT_FAIL"), CorruptReads: on("DITTOFS_SIM_CORRUPT_READS"),
	}
	s.last = s.env
	return s
}

func on(name string) bool {
	b, _ := strconv.ParseBool(os.Getenv(name))
	return b
}

// Get returns the switches now. A control file that is there replaces the
// environment as a whole.
func (s *Source) Get() Set {
	if s.file == "" {
		return s.env
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.file)
	if err != nil {
		s.stamp, s.last = time.Time{}, s.env
		return s.last
	}
	if info.ModTime().Equal(s.stamp) {
		return s.last
	}
	text, err := os.ReadFile(s.file)
	var set Set
	if err != nil || json.Unmarshal(text, &set) != nil {
		return s.last
	}
	s.stamp, s.last = info.ModTime(), set
	return s.last
}

// Blocks tells whether the adapter must not listen.
func (s Set) Blocks(adapter string) bool {
	for _, name := range strings.Split(s.NoListen, ",") {
		if strings.TrimSpace(name) == adapter {
			return true
		}
	}
	return false
}

// Duration reads a time switch; "" or nonsense is 0.
func Duration(text string) time.Duration {
	d, _ := time.ParseDuration(text)
	return d
}
