package contract

import (
	"flag"
	"os"
	"testing"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/cli"
)

const serverVariable = "DITTOFS_SIM_TEST_SERVER"

// TestMain lets the test binary be the server, so that it can be killed and
// restarted like one.
func TestMain(m *testing.M) {
	if os.Getenv(serverVariable) != "" {
		os.Exit(cli.Main(os.Args[1:], "0.29.0"))
	}
	// Recordings mostly wait, so they run all at once, however few cores there are.
	flag.Parse()
	if err := flag.Set("test.parallel", "20"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
