package engine

import (
	"context"
	"time"
)

// Drain "uploads" what waits: it waits until each remote store that has dirty
// data answers. It returns false when one did not within the stall limit.
func (e *Engine) Drain(ctx context.Context, stall time.Duration) bool {
	deadline := time.Now().Add(stall)
	for _, s := range e.Shares() {
		for s.Dirty() > 0 && !e.upload(s, time.Second) {
			if time.Now().After(deadline) || ctx.Err() != nil {
				return false
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	return true
}

// upload marks a share as clean when its remote store answers. Content is not
// sent anywhere.
func (e *Engine) upload(s *Share, timeout time.Duration) bool {
	s.mu.Lock()
	dirty := s.dirty
	s.mu.Unlock()
	if !e.remoteReachable(s, timeout) {
		return false
	}
	s.mu.Lock()
	s.dirty -= dirty
	s.mu.Unlock()
	return true
}

// remoteReachable tells whether the remote store of a share answers; a share
// without one is fine.
func (e *Engine) remoteReachable(s *Share, timeout time.Duration) bool {
	s.mu.Lock()
	remote := s.remote
	s.mu.Unlock()
	if remote == "" {
		return true
	}
	row, ok := e.blockRow(remote)
	return !ok || row.Type != "s3" || s3Reachable(&row, timeout)
}
