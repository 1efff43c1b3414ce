package main

import (
	"os"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/cli"
)

// version is set with -ldflags "-X main.version=0.29.1" to make a second tag
// of the same stand-in.
var version = "0.29.0"

func main() {
	os.Exit(cli.Main(os.Args[1:], version))
}
