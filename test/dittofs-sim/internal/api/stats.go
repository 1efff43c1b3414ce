package api

import (
	"io/fs"
	"path/filepath"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
)

func (s *Server) statsRoutes(rt *router) {
	rt.group("/api/v1/blockstore")
	rt.add(levelAdmin, "GET", "/api/v1/blockstore/stats", (*call).allStats)
	rt.add(levelAdmin, "GET", "/api/v1/shares/{name}/blockstore/stats", (*call).shareStats)
}

// defaultLocal stands for the quarter of the RAM that a share without
// local_store_size gets.
const defaultLocal = 256 << 20

type blockStats struct {
	FileCount           int64 `json:"file_count"`
	BlocksDirty         int64 `json:"blocks_dirty"`
	BlocksLocal         int64 `json:"blocks_local"`
	BlocksRemote        int64 `json:"blocks_remote"`
	BlocksTotal         int64 `json:"blocks_total"`
	BlocksCached        int64 `json:"blocks_cached"`
	LocalDiskUsed       int64 `json:"local_disk_used"`
	LocalDiskMax        int64 `json:"local_disk_max"`
	LocalMemUsed        int64 `json:"local_mem_used"`
	LocalMemMax         int64 `json:"local_mem_max"`
	AppendLogLimitBytes int64 `json:"append_log_limit_bytes"`
	ReadBufferEntries   int64 `json:"read_buffer_entries"`
	ReadBufferUsed      int64 `json:"read_buffer_used"`
	ReadBufferMax       int64 `json:"read_buffer_max"`
	HasRemote           bool  `json:"has_remote"`
	PendingSyncs        int64 `json:"pending_syncs"`
	PendingUploads      int64 `json:"pending_uploads"`
	CompletedSyncs      int64 `json:"completed_syncs"`
	FailedSyncs         int64 `json:"failed_syncs"`
	UnsyncedBytes       int64 `json:"unsynced_bytes"`
	RemoteHealthy       bool  `json:"remote_healthy"`
	EvictionSuspended   bool  `json:"eviction_suspended"`
	OutageSeconds       int64 `json:"outage_duration_seconds"`
	OfflineReadsBlocked int64 `json:"offline_reads_blocked"`
	LocalDurable        bool  `json:"local_durable"`
	RemoteDurable       bool  `json:"remote_durable"`
}

type namedStats struct {
	Share string     `json:"share_name"`
	Stats blockStats `json:"stats"`
}

type statsBody struct {
	Totals   blockStats   `json:"totals"`
	PerShare []namedStats `json:"per_share,omitempty"`
}

func (c *call) stats(s *engine.Share) blockStats {
	out := blockStats{
		LocalDiskUsed: c.engine.Used(s.Name), LocalDiskMax: s.LocalMax, AppendLogLimitBytes: defaultLocal,
		ReadBufferMax: s.BufferMax, HasRemote: s.HasRemote(), UnsyncedBytes: s.Dirty(), RemoteHealthy: true,
		LocalDurable: true, RemoteDurable: s.HasRemote(),
	}
	_ = filepath.WalkDir(s.Dir(), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			out.FileCount++
		}
		return nil
	})
	if out.LocalDiskMax == 0 {
		out.LocalDiskMax = defaultLocal
	}
	if out.ReadBufferMax == 0 {
		out.ReadBufferMax = defaultLocal
	}
	noBuffer, evicted := s.Evicted()
	if noBuffer {
		out.ReadBufferMax = 0
	}
	if evicted {
		out.LocalDiskUsed = 0
	}
	return out
}

func (c *call) shareStats() (*reply, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	s := c.engine.Share(name)
	if s == nil {
		return nil, errNoShare
	}
	stats := c.stats(s)
	return ok(statsBody{Totals: stats, PerShare: []namedStats{{name, stats}}})
}

func (c *call) allStats() (*reply, error) {
	out := statsBody{}
	for _, s := range c.engine.Shares() {
		st := c.stats(s)
		out.PerShare = append(out.PerShare, namedStats{s.Name, st})
		t := &out.Totals
		t.FileCount += st.FileCount
		t.LocalDiskUsed += st.LocalDiskUsed
		t.LocalDiskMax += st.LocalDiskMax
		t.AppendLogLimitBytes += st.AppendLogLimitBytes
		t.ReadBufferMax += st.ReadBufferMax
		t.UnsyncedBytes += st.UnsyncedBytes
		t.HasRemote = t.HasRemote || st.HasRemote
	}
	return ok(out)
}
