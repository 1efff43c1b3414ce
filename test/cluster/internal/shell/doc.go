// Package shell runs the programs this tool leans on (ip, btrfs, apt-get, go,
// kubectl) and turns their failures into errors that carry what they printed.
//
// No shell is involved: arguments are passed as they are.
package shell
