package report

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Machine says what the times were measured on.
type Machine struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	// Load is the load average of the last minute when the measurement began: above zero, others
	// used the machine too.
	Load string `json:"load"`
	Go   string `json:"go"`
}

// ThisMachine describes the machine as it is now.
func ThisMachine() Machine {
	load, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(load), " ")
	return Machine{CPU: cpu(), Cores: runtime.NumCPU(), Load: first, Go: runtime.Version()}
}

func cpu() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func (m Machine) String() string {
	return fmt.Sprintf("%d cores of %s, load %s at the start, %s", m.Cores, m.CPU, m.Load, m.Go)
}
