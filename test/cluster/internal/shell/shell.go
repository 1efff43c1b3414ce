package shell

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// Run runs a program to its end, which it may reach after its caller's: a
// package installation must not stop halfway. The error names the command and
// carries its last output.
func Run(ctx context.Context, name string, args ...string) error {
	_, err := run(exec.CommandContext(ctx, name, args...))
	return err
}

// Output is like Run, with something on the standard input (nil for nothing). It
// returns what the program wrote to its standard output. The program does not
// outlive its caller.
func Output(ctx context.Context, stdin io.Reader, name string, args ...string) (string, error) {
	runtime.LockOSThread() // Pdeathsig means the thread that starts the program
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = stdin
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return run(cmd)
}

func run(cmd *exec.Cmd) (string, error) {
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return out.String(), Explain(cmd, err, out.String()+problem.String())
	}
	return out.String(), nil
}

// Explain wraps the error of a command with its words and the last 2000 bytes
// of what it printed.
func Explain(cmd *exec.Cmd, err error, printed string) error {
	printed = strings.TrimSpace(printed)
	if len(printed) > 2000 {
		printed = "… " + printed[len(printed)-2000:]
	}
	if printed == "" {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, printed)
}
