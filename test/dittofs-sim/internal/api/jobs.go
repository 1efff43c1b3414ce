package api

import (
	"maps"
	"math"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/engine"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) jobRoutes(rt *router) {
	const path = "/api/v1/shares/{name}/blockstore"
	rt.add(levelAdmin, "POST", path+"/warm", (*call).warm)
	rt.add(levelAdmin, "GET", path+"/warm/{job}", (*call).warmJob)
	rt.add(levelAdmin, "POST", path+"/gc", (*call).gc)
	rt.add(levelAdmin, "GET", path+"/gc/{job}", (*call).gcJob)
	rt.add(levelAdmin, "GET", path+"/gc-status", (*call).gcStatus)
	rt.add(levelAdmin, "POST", path+"/evict", (*call).evictShare)
	rt.add(levelAdmin, "POST", "/api/v1/blockstore/evict", (*call).evictAll)
	rt.add(levelAdmin, "POST", "/api/v1/shares/{name}/audit/refcounts", (*call).audit)
	rt.add(levelAdmin, "GET", "/api/v1/blockstore/reconcile-report", (*call).reconcileReport)
	rt.add(levelAdmin, "POST", "/api/v1/blockstore/reconcile/reclaim", (*call).reclaim)
}

// loadedShare is the loaded share of the path or the given error.
func (c *call) loadedShare(missing func(name string) error) (*engine.Share, error) {
	name, err := c.share()
	if err != nil {
		return nil, err
	}
	if s := c.engine.Share(name); s != nil {
		return s, nil
	}
	return nil, missing(name)
}

func plainNoShare(string) error { return errNoShare }

func namedNoShare(name string) error { return problem.NotFound("share not found: %s", name) }

// warm has nothing to fetch: all content is always local.
func (c *call) warm() (*reply, error) {
	s, err := c.loadedShare(plainNoShare)
	if err != nil {
		return nil, err
	}
	running := map[string]any{
		"share": s.Name, "state": "running", "blocks_total": 0, "blocks_done": 0, "bytes_done": 0, "started_at": state.Now(),
	}
	result := maps.Clone(running)
	result["finished_at"], result["state"] = state.Now(), "done"
	if s.HasRemote() {
		s.Warm()
		stats := c.stats(s)
		result["blocks_total"], result["blocks_done"], result["bytes_done"] = stats.FileCount, stats.FileCount, stats.LocalDiskUsed
	} else {
		result["state"], result["error"] = "failed", "warm: share has no remote tier to warm from"
	}
	running["id"] = c.engine.Jobs().Add("warm", result)
	return accepted(map[string]any{"job_id": running["id"], "status": running}, "")
}

func (c *call) warmJob() (*reply, error) {
	if job := c.engine.Jobs().Get(c.params["job"]); job != nil {
		return ok(job)
	}
	return nil, problem.NotFound("warm job not found")
}

// gc sweeps nothing: content is plain files.
func (c *call) gc() (*reply, error) {
	s, err := c.loadedShare(namedNoShare)
	if err != nil {
		return nil, err
	}
	var in struct {
		DryRun    bool   `json:"dry_run"`
		Reconcile bool   `json:"reconcile"`
		Grace     *int64 `json:"grace_period_seconds"`
	}
	if err := c.decodeOptional(&in); err != nil {
		return nil, err
	}
	switch {
	case deref(in.Grace) < 0:
		return nil, problem.BadRequest("grace_period_seconds must not be negative")
	case in.Grace != nil && in.Reconcile:
		return nil, problem.BadRequest("grace_period_seconds cannot be combined with reconcile")
	case deref(in.Grace) > math.MaxInt64/int64(time.Second):
		return nil, problem.BadRequest("grace_period_seconds is too large")
	}
	now := state.Now()
	running := map[string]any{
		"state": "running", "share": s.Name, "reconcile": in.Reconcile, "dry_run": in.DryRun, "hashes_marked": 0,
		"objects_scanned": 0, "objects_swept": 0, "bytes_freed": 0, "started_at": now,
	}
	result := maps.Clone(running)
	files := c.stats(s).FileCount
	result["state"], result["finished_at"] = "done", now
	result["hashes_marked"], result["objects_scanned"] = 2*files, files
	result["stats"] = gcStats(files, in.DryRun)
	running["id"] = c.engine.Jobs().Add("gc", result)
	c.engine.Jobs().SetLast(s.Name, map[string]any{
		"run_id": state.NewID(), "started_at": now, "completed_at": now, "hashes_marked": 2 * files,
		"objects_scanned": files, "objects_swept": 0, "bytes_freed": 0, "duration_ms": 1, "error_count": 0, "dry_run": in.DryRun,
	})
	return accepted(map[string]any{"job_id": running["id"], "status": running}, "")
}

func gcStats(files int64, dryRun bool) map[string]any {
	return map[string]any{
		"RunID": "", "HashesMarked": 2 * files, "ObjectsScanned": files, "ObjectsSwept": 0, "BytesFreed": 0,
		"DurationMs": 1, "ErrorCount": 0, "FirstErrors": nil, "DryRun": dryRun, "DryRunCandidates": nil,
		"IsLocalTier": false, "SharesScanned": 0, "BlocksScanned": 0, "OrphanFiles": 0, "OrphanBlocks": 0,
		"BytesReclaimed": 0, "Errors": 0,
	}
}

func (c *call) gcJob() (*reply, error) {
	if job := c.engine.Jobs().Get(c.params["job"]); job != nil {
		return ok(job)
	}
	return nil, problem.NotFound("GC job not found")
}

func (c *call) gcStatus() (*reply, error) {
	s, err := c.loadedShare(namedNoShare)
	if err != nil {
		return nil, err
	}
	if run := c.engine.Jobs().Last(s.Name); run != nil {
		return ok(run)
	}
	return nil, problem.NotFound("no GC run recorded for share %s", s.Name)
}

var errEvict = problem.BadRequest("eviction failed")

func (c *call) evictShare() (*reply, error) {
	s, err := c.loadedShare(func(string) error { return errEvict })
	if err != nil {
		return nil, err
	}
	return c.evict([]*engine.Share{s})
}

func (c *call) evictAll() (*reply, error) { return c.evict(c.engine.Shares()) }

// evict frees nothing; a share without a remote store refuses it.
func (c *call) evict(shares []*engine.Share) (*reply, error) {
	var in struct {
		ReadBufferOnly bool `json:"read_buffer_only"`
		LocalOnly      bool `json:"local_only"`
	}
	if err := c.decodeOptional(&in); err != nil {
		return nil, err
	}
	files := int64(0)
	for _, s := range shares {
		if in.ReadBufferOnly {
			continue
		}
		if !s.HasRemote() {
			return nil, errEvict
		}
		s.Evict()
		files += c.stats(s).FileCount
	}
	return ok(map[string]any{"read_buffer_entries_cleared": 0, "local_files_evicted": files, "bytes_freed": 0})
}

func (c *call) audit() (*reply, error) {
	s, err := c.loadedShare(namedNoShare)
	if err != nil {
		return nil, err
	}
	files := c.stats(s).FileCount
	now := state.Now()
	return ok(map[string]any{"result": map[string]any{
		"share": s.Name, "started_at": now, "completed_at": now, "duration_ms": 0, "total_files": files,
		"total_refs": files, "backed_refs": files, "dangling_refs": 0, "delta": 0,
	}})
}

func none() map[string]any { return map[string]any{"count": 0} }

func (c *call) remoteFiles() (n int64) {
	for _, s := range c.engine.Shares() {
		if s.HasRemote() {
			n += c.stats(s).FileCount
		}
	}
	return n
}

func (c *call) reconcileReport() (*reply, error) {
	n := c.remoteFiles()
	return ok(map[string]any{
		"zero_ref_records": none(), "leaked_blocks": none(), "orphan_remote_objects": none(), "stranded_local_chunks": none(),
		"block_records_scanned": n, "remote_objects_scanned": n, "grace_period": c.cfg.Duration("gc.grace_period").Nanoseconds(),
		"sample_cap": 100,
	})
}

func (c *call) reclaim() (*reply, error) {
	var in struct {
		DryRun bool `json:"dry_run"`
	}
	if err := c.decodeOptional(&in); err != nil {
		return nil, err
	}
	n := c.remoteFiles()
	return ok(map[string]any{
		"reclaimed": none(), "leaked_reclaimed": none(), "orphan_objects_reclaimed": none(), "block_records_scanned": n,
		"remote_objects_scanned": n, "errors": 0, "dry_run": in.DryRun, "sample_cap": 100,
	})
}
