package nfsd

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

const idLength = 16

type handleID [idLength]byte

// handleIndex maps handle ids to paths. The id of a path is a hash of root and
// path; only ids of files that were renamed differ from that and are kept in a
// file, so that they too outlive the process.
type handleIndex struct {
	root, dir, file string

	mu      sync.Mutex
	scanned bool
	byID    map[handleID]string
	byPath  map[string]handleID
	moved   map[string]string // path -> hex id, as in the file
}

func newHandleIndex(root, dir, file string) *handleIndex {
	x := &handleIndex{
		root: root, dir: dir, file: file,
		byID: map[handleID]string{}, byPath: map[string]handleID{}, moved: map[string]string{},
	}
	if text, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(text, &x.moved)
	}
	for path, id := range x.moved {
		var h handleID
		if n, err := hex.Decode(h[:], []byte(id)); err == nil && n == idLength {
			x.put(path, h)
		}
	}
	x.put("", x.hash("", 0))
	return x
}

func (x *handleIndex) hash(path string, salt byte) (h handleID) {
	sum := sha256.Sum256(append([]byte(x.root+"\x00"+path+"\x00"), salt))
	copy(h[:], sum[:])
	return h
}

func (x *handleIndex) put(path string, h handleID) {
	x.byPath[path], x.byID[h] = h, path
}

// id returns the handle id of a path, making one when needed.
func (x *handleIndex) id(path string) handleID {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.idLocked(path)
}

func (x *handleIndex) idLocked(path string) handleID {
	if h, ok := x.byPath[path]; ok {
		return h
	}
	for salt := byte(0); ; salt++ {
		h := x.hash(path, salt)
		if _, taken := x.byID[h]; taken {
			continue
		}
		x.put(path, h)
		if salt > 0 {
			x.moved[path] = hex.EncodeToString(h[:])
			x.save()
		}
		return h
	}
}

// path finds the path of a handle id; the first unknown one after a start
// makes it walk the directory once.
func (x *handleIndex) path(h handleID) (string, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if p, ok := x.byID[h]; ok {
		return p, true
	}
	if !x.scanned {
		x.scanned = true
		_ = filepath.WalkDir(x.dir, func(p string, _ fs.DirEntry, err error) error {
			if rel, rerr := filepath.Rel(x.dir, p); err == nil && rerr == nil && rel != "." {
				x.idLocked(rel)
			}
			return nil
		})
	}
	p, ok := x.byID[h]
	return p, ok
}

// rename moves the ids of from and all below it to to.
func (x *handleIndex) rename(from, to string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.idLocked(from)
	x.dropLocked(to)
	for path, h := range x.byPath {
		if path != from && !strings.HasPrefix(path, from+"/") {
			continue
		}
		delete(x.byPath, path)
		delete(x.moved, path)
		target := to + strings.TrimPrefix(path, from)
		x.put(target, h)
		if h != x.hash(target, 0) {
			x.moved[target] = hex.EncodeToString(h[:])
		}
	}
	x.save()
}

// drop forgets a removed path.
func (x *handleIndex) drop(path string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.dropLocked(path) {
		x.save()
	}
}

func (x *handleIndex) dropLocked(path string) (wasMoved bool) {
	if h, ok := x.byPath[path]; ok {
		delete(x.byID, h)
		delete(x.byPath, path)
	}
	_, wasMoved = x.moved[path]
	delete(x.moved, path)
	return wasMoved
}

func (x *handleIndex) save() {
	text, _ := json.Marshal(x.moved)
	if os.WriteFile(x.file+".tmp", text, 0o600) == nil {
		_ = os.Rename(x.file+".tmp", x.file)
	}
}
