package engine

import (
	"fmt"
	"sync"
)

// Jobs remembers the warm and GC jobs by id.
type Jobs struct {
	mu    sync.Mutex
	count map[string]int
	jobs  map[string]map[string]any
	last  map[string]map[string]any // last GC run by share
}

func newJobs() *Jobs {
	return &Jobs{count: map[string]int{}, jobs: map[string]map[string]any{}, last: map[string]map[string]any{}}
}

// Add stores the result of a job and returns its id.
func (j *Jobs) Add(kind string, result map[string]any) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count[kind]++
	id := fmt.Sprintf("%s-%d", kind, j.count[kind])
	result["id"] = id
	j.jobs[id] = result
	return id
}

// Get returns the result of a job or nil.
func (j *Jobs) Get(id string) map[string]any {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.jobs[id]
}

// SetLast stores the summary of the last GC run of a share.
func (j *Jobs) SetLast(share string, run map[string]any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last[share] = run
}

// Last returns the summary of the last GC run of a share or nil.
func (j *Jobs) Last(share string) map[string]any {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last[share]
}
