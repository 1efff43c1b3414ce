// Package bytesize reads and prints sizes the way the server does: "1GiB" in,
// "1.00GiB" out.
package bytesize
