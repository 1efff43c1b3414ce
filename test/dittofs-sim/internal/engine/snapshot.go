package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// Errors of snapshot work.
var (
	ErrBusy      = errors.New("snapshot in flight")
	ErrArtifacts = errors.New("snapshot artifacts missing")
)

func (s *Share) snapshotDir(id string) string { return filepath.Join(s.base, "snapshots", id) }

// TakeSnapshot begins a snapshot in the background. The row is stored by the
// caller; done is called with its end.
func (e *Engine) TakeSnapshot(s *Share, id string, verify bool, done func(snap state.Snapshot)) error {
	e.mu.Lock()
	if e.busy[s.Name] {
		e.mu.Unlock()
		return ErrBusy
	}
	e.busy[s.Name] = true
	e.mu.Unlock()
	go func() {
		time.Sleep(20 * time.Millisecond)
		result := e.makeSnapshot(context.Background(), s, id, verify)
		e.mu.Lock()
		delete(e.busy, s.Name)
		e.mu.Unlock()
		done(result)
	}()
	return nil
}

// Busy tells whether a snapshot of the share is being made.
func (e *Engine) Busy(share string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.busy[share]
}

// snapshotPatience is how long a snapshot waits for the remote store.
func snapshotPatience() time.Duration {
	return environmentTime("DITTOFS_SIM_SNAPSHOT_PATIENCE", 150*time.Second)
}

func (e *Engine) makeSnapshot(ctx context.Context, s *Share, id string, verify bool) state.Snapshot {
	out := state.Snapshot{ID: id, Share: s.Name, State: "failed"}
	if e.Faults.Get().SnapshotFail {
		out.Error = "snapshot create " + id + ": failed on request of the test"
		return out
	}
	s.mu.Lock()
	remote := s.remote
	s.mu.Unlock()
	for deadline := time.Now().Add(snapshotPatience()); remote != "" && !e.upload(s, s3Timeout); {
		if time.Now().After(deadline) || ctx.Err() != nil {
			out.Error = "snapshot create " + id + ": drain rollups+carve: snapshot backup failed: remote store is unreachable"
			return out
		}
		time.Sleep(200 * time.Millisecond)
	}
	n, size, err := writeSnapshot(s.export.Load().Dir, s.snapshotDir(id))
	if err != nil {
		out.Error = fmt.Sprintf("snapshot create %s: %s", id, err)
		return out
	}
	out.State, out.ManifestCount, out.DumpBytes = "ready", n, size
	out.RemoteDurable = remote != "" && verify
	return out
}

// writeSnapshot copies content and writes the two artifact files that real
// snapshots have.
func writeSnapshot(from, dir string) (files int, size int64, err error) {
	if err := os.RemoveAll(dir); err != nil {
		return 0, 0, err
	}
	if err := copyTree(from, filepath.Join(dir, "content")); err != nil {
		return 0, 0, err
	}
	manifest := ""
	_ = filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files++
			rel, _ := filepath.Rel(from, p)
			manifest += rel + "\n"
		}
		return nil
	})
	dump := []byte("dittofs-sim metadata dump\n" + manifest)
	if err := os.WriteFile(filepath.Join(dir, "metadata.dump"), dump, 0o600); err != nil {
		return 0, 0, err
	}
	return files, int64(len(dump)), os.WriteFile(filepath.Join(dir, "manifest.hashes"), []byte(manifest), 0o600)
}

// RestoreSnapshot makes a safety snapshot and puts the content of a snapshot
// in place. A marker in the database makes the next start roll back when the
// process dies on the way. A client that goes away before the content is
// replaced cancels it.
func (e *Engine) RestoreSnapshot(ctx context.Context, s *Share, id, safety string) (state.Snapshot, error) {
	out := state.Snapshot{}
	if _, err := os.Stat(s.contentOf(id)); err != nil {
		return out, ErrArtifacts
	}
	out = e.makeSnapshot(ctx, s, safety, true)
	if out.State != "ready" || ctx.Err() != nil {
		return out, errors.Join(errors.New(out.Error), ctx.Err())
	}
	out.CreatedAt, out.UpdatedAt = state.Now(), state.Now()
	err := e.DB.Update(func(d *state.Data) error {
		d.Snapshots = append(d.Snapshots, out)
		d.RestoreMarkers = append(d.RestoreMarkers, state.RestoreMarker{Share: s.Name, SafetyID: safety})
		return nil
	})
	if err != nil {
		return out, err
	}
	if err := e.replaceContent(s, s.contentOf(id)); err != nil {
		return out, err
	}
	return out, e.clearMarker(s.Name)
}

func (s *Share) contentOf(snapshot string) string {
	return filepath.Join(s.snapshotDir(snapshot), "content")
}

// replaceContent resets the metadata store, so that the other shares on it
// begin anew and empty, as they do in the real server, and copies the content.
// The restored share keeps its root, so that file handles stay good.
func (e *Engine) replaceContent(s *Share, content string) error {
	for _, other := range e.Shares() {
		if other.meta != s.meta {
			continue
		}
		if other == s {
			_ = os.RemoveAll(s.export.Load().Dir)
		}
		if err := e.openContent(other, other != s); err != nil {
			return err
		}
	}
	if err := copyTree(content, s.export.Load().Dir); err != nil {
		return err
	}
	used := treeSize(s.export.Load().Dir)
	s.mu.Lock()
	s.used = used
	s.mu.Unlock()
	return nil
}

func (e *Engine) clearMarker(share string) error {
	return e.DB.Update(func(d *state.Data) error {
		d.RestoreMarkers = state.Remove(d.RestoreMarkers, func(m *state.RestoreMarker) bool { return m.Share == share })
		return nil
	})
}

// rollBack brings back the safety snapshots of restores that did not end.
func (e *Engine) rollBack() {
	var markers []state.RestoreMarker
	e.DB.View(func(d *state.Data) { markers = append(markers, d.RestoreMarkers...) })
	for _, m := range markers {
		s := e.Share(m.Share)
		if s == nil || e.replaceContent(s, s.contentOf(m.SafetyID)) != nil {
			continue
		}
		_ = e.clearMarker(m.Share)
	}
}

// DropSnapshot removes the artifacts of a snapshot.
func (e *Engine) DropSnapshot(share, id string) {
	if s := e.Share(share); s != nil {
		_ = os.RemoveAll(s.snapshotDir(id))
	}
}

// recoverSnapshots marks what was being made when the process died.
func (e *Engine) recoverSnapshots() {
	_ = e.DB.Update(func(d *state.Data) error {
		for i := range d.Snapshots {
			if d.Snapshots[i].State == "creating" {
				d.Snapshots[i].State = "failed"
				d.Snapshots[i].Error = "abandoned: server restarted while snapshot was still creating"
				d.Snapshots[i].UpdatedAt = state.Now()
			}
		}
		return nil
	})
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case d.Type().IsRegular():
			return copyFile(p, target)
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(p)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		}
		return nil
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, info.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
