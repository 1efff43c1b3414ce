package api

import (
	"net"
	"strconv"
	"time"
)

// databaseUp tells whether the control-plane database answers. A PostgreSQL
// database is only reached for by TCP.
func (s *Server) databaseUp() bool {
	if s.cfg.String("database.type") != "postgres" {
		return true
	}
	addr := net.JoinHostPort(s.cfg.String("database.postgres.host"), strconv.Itoa(s.cfg.Int("database.postgres.port")))
	conn, err := net.DialTimeout("tcp", addr, 2*time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
