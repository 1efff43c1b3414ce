// Command dittofs-sim is a stand-in for the DittoFS server image used by the
// end-to-end tests of the operator. It answers the REST contract that was
// recorded from a real server, serves NFSv3 over plain directories, and can be
// told to misbehave. See README.md for what it does not do.
package main
