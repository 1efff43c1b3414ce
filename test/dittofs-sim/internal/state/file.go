package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const magic = "SQLite format 3\x00"

// emptyDatabase is the first page of an SQLite database in WAL mode without
// any table.
func emptyDatabase() []byte {
	page := make([]byte, 4096)
	copy(page, magic)
	copy(page[16:], []byte{0x10, 0, 2, 2, 0, 64, 32, 32, 0, 0, 0, 1, 0, 0, 0, 1})
	page[47] = 4 // schema format
	page[59] = 1 // UTF-8
	page[95] = 1 // version-valid-for
	page[100] = 0x0d
	page[105] = 0x10 // cell content starts at 4096
	return page
}

// Open reads the database at path, creating directory and files.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("failed to create database directory: %w", err)
	}
	s := &Store{path: path}
	page, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && len(page) == 0:
		_ = os.Remove(path + "-wal")
		if err := replace(path, emptyDatabase()); err != nil {
			return nil, fmt.Errorf("failed to connect to database: unable to open database file: %w", err)
		}
	case err != nil:
		return nil, fmt.Errorf("failed to connect to database: unable to open database file: %w", err)
	case len(page) < len(magic) || string(page[:len(magic)]) != magic:
		return nil, errors.New("failed to connect to database: file is not a database (26)")
	}
	rows, err := os.ReadFile(path + "-wal")
	if err == nil && len(rows) > 0 {
		if err := json.Unmarshal(rows, &s.data); err != nil {
			return nil, errors.New("failed to connect to database: database disk image is malformed (11)")
		}
	}
	if err := os.WriteFile(path+"-shm", make([]byte, 32768), 0o600); err != nil {
		return nil, fmt.Errorf("failed to connect to database: %w", err)
	}
	return s, nil
}

// save writes all rows; the file is replaced as a whole, so that a copy taken
// at any moment is complete.
func (s *Store) save() error {
	rows, err := json.MarshalIndent(&s.data, "", " ")
	if err != nil {
		return err
	}
	return replace(s.path+"-wal", rows)
}

func replace(path string, content []byte) error {
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(content); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
