package state

import (
	"crypto/rand"
	"fmt"
	"sync"
	"time"
)

// Store is an open database.
type Store struct {
	path string
	mu   sync.RWMutex
	data Data
}

// View calls f with the rows; f must not change or keep them.
func (s *Store) View(f func(d *Data)) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f(&s.data)
}

// Update calls f with the rows and saves them when it returns nil. f must
// check before it changes anything.
func (s *Store) Update(f func(d *Data) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := f(&s.data); err != nil {
		return err
	}
	return s.save()
}

// NewID makes a random UUID.
func NewID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Now is the time stamp of new rows.
func Now() time.Time { return time.Now().UTC() }

// Find returns a pointer to the first row for which match is true, or nil.
func Find[T any](rows []T, match func(*T) bool) *T {
	for i := range rows {
		if match(&rows[i]) {
			return &rows[i]
		}
	}
	return nil
}

// Remove returns rows without those for which match is true.
func Remove[T any](rows []T, match func(*T) bool) []T {
	out := rows[:0:0]
	for i := range rows {
		if !match(&rows[i]) {
			out = append(out, rows[i])
		}
	}
	return out
}
