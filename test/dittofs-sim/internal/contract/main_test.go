package contract

import (
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
	os.Exit(m.Run())
}
