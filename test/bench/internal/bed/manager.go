package bed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Manager is the manager's own program, in a process of its own.
type Manager struct{ cmd *exec.Cmd }

// StartManager starts the program at path with one more package, for all namespaces.
func (b *Bed) StartManager(path string, files fs.FS, systemNamespace string) (*Manager, error) {
	folder := filepath.Join(b.dir, "package")
	if err := os.CopyFS(folder, files); err != nil {
		return nil, fmt.Errorf("write the package: %w", err)
	}
	log, err := os.Create(filepath.Join(b.dir, "manager.log"))
	if err != nil {
		return nil, fmt.Errorf("keep the manager's log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(path, "--package="+folder, "--system-namespace="+systemNamespace, "--leader-elect=false", "--metrics-bind-address=0", "--health-probe-bind-address=0")
	cmd.Env = append(os.Environ(), "KUBECONFIG="+b.Kubeconfig, "GOMEMLIMIT=230MiB")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the manager: %w", err)
	}
	return &Manager{cmd}, nil
}

// Memory is what the manager takes, in MiB.
type Memory struct {
	// Resident is all of it; Own is without the pages of the program file, which the system can
	// drop and share.
	Resident, Own float64
}

// Memory weighs the manager.
func (m *Manager) Memory() (Memory, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.cmd.Process.Pid))
	if err != nil {
		return Memory{}, fmt.Errorf("weigh the manager: %w", err)
	}
	kib := map[string]float64{}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[2] == "kB" {
			kib[fields[0]], _ = strconv.ParseFloat(fields[1], 64)
		}
	}
	if kib["VmRSS:"] == 0 {
		return Memory{}, errors.New("weigh the manager: it has ended")
	}
	return Memory{Resident: kib["VmRSS:"] / 1024, Own: kib["RssAnon:"] / 1024}, nil
}

// Stop ends the manager.
func (m *Manager) Stop() error {
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("the manager has ended: %w", err)
	}
	return m.cmd.Wait()
}
