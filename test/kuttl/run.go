package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/dittofs/dittofs-operator/test/internal/command"
)

const folder = "test/kuttl"

// runner is what all groups share.
type runner struct {
	suite    string
	parallel int
	work     string

	kuttl string
}

// A group is a folder of suites, and how many of them run at a time.
type group struct {
	name     string
	parallel int
}

// suites are the names of a group's suites, or the one that is asked for.
func (r *runner) suites(g group) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(folder, g.name))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && (r.suite == "" || r.suite == e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// An outcome is what became of a group; err is what kept suites from being counted.
type outcome struct {
	count
	err error
}

func (o outcome) add(p outcome) outcome {
	return outcome{count{o.passed + p.passed, o.failed + p.failed}, errors.Join(o.err, p.err)}
}

// group runs kuttl on a group's suites. A suite that kuttl does not report has failed.
func (r *runner) group(ctx context.Context, g group) outcome {
	suites, err := r.suites(g)
	if err != nil || len(suites) == 0 {
		return outcome{err: err}
	}
	fmt.Printf("=== %s: %d suites, %d at a time\n", g.name, len(suites), g.parallel)
	seen, err := r.run(ctx, g)
	for _, suite := range suites {
		if _, reported := seen.verdicts[suite]; !reported {
			err = errors.Join(err, fmt.Errorf("suite %s did not end", suite))
			seen.failed++
		}
	}
	return outcome{seen.count, err}
}

// run runs kuttl, keeps its whole output in a log and prints the verdicts, and what a suite that failed said.
func (r *runner) run(ctx context.Context, g group) (*report, error) {
	seen := newReport()
	log, err := os.Create(filepath.Join(r.work, g.name+".log"))
	if err != nil {
		return seen, err
	}
	defer log.Close()
	cmd, err := r.command(ctx, g)
	if err != nil {
		return seen, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return seen, err
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return seen, fmt.Errorf("start kuttl: %w", err)
	}
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		fmt.Fprintln(log, lines.Text())
		seen.line(lines.Text(), os.Stdout)
	}
	err = errors.Join(lines.Err(), cmd.Wait())
	if err != nil && seen.failed == 0 {
		return seen, fmt.Errorf("kuttl: %w", err)
	}
	return seen, nil // what failed is counted
}

// command is kuttl in a folder of its own, to which it writes a kubeconfig.
func (r *runner) command(ctx context.Context, g group) (*exec.Cmd, error) {
	tests, err := filepath.Abs(filepath.Join(folder, g.name))
	if err != nil {
		return nil, err
	}
	args := []string{"test", tests, "--config", filepath.Join(filepath.Dir(tests), "kuttl-test.yaml"), "--parallel", strconv.Itoa(g.parallel)}
	if r.suite != "" {
		args = append(args, "--test", "^"+r.suite+"$")
	}
	cmd := command.New(ctx, r.kuttl, args...)
	cmd.Dir = filepath.Join(r.work, g.name)
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(r.work, "bin")+":"+os.Getenv("PATH"))
	return cmd, os.MkdirAll(cmd.Dir, 0o755)
}
