// Package debian installs the Debian packages a cluster needs when they are
// missing. It looks for the programs themselves, so on a machine that has them
// from elsewhere nothing is installed. It removes nothing.
package debian
