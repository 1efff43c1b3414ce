// Package state is the control-plane database of the stand-in: all rows in one
// JSON document. As with the real SQLite database in WAL mode the rows lie in
// the -wal file and the main file alone is an empty database, so that a backup
// that forgets -wal is noticed.
package state
