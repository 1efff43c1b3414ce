// Package contract holds the test that replays the recorded exchanges of a
// real DittoFS 0.29.0 server against the stand-in, with everything that
// happened between them: restarts, kill -9, waits, NFS clients, an S3 server
// that goes away. See the README for the coverage.
package contract
