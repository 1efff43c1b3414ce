// Package metrics is the metrics listener: few series, but the ones that the
// operator reads, with the recorded help texts and token check.
package metrics
