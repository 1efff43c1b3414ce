package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/tree"
	"github.com/dittofs/dittofs-operator/engine/api"
)

// What a terminal understands.
const (
	wrapOff, wrapOn = "\033[?7l", "\033[?7h"
	clearBelow      = "\033[J"
)

var paint = strings.NewReplacer(
	tree.MarkComplete, "\033[32m"+tree.MarkComplete+"\033[0m",
	tree.MarkRunning, "\033[33m"+tree.MarkRunning+"\033[0m",
	tree.MarkFailed, "\033[31m"+tree.MarkFailed+"\033[0m",
)

// screen shows a status that changes: as one tree in place on a terminal, else line by line.
type screen struct {
	out   io.Writer
	place bool
	color bool
	// drawn is how many lines of the last tree stand above the cursor.
	drawn int
	log   tree.Log
}

func newScreen(out io.Writer) *screen {
	terminal := isTerminal(out) && os.Getenv("TERM") != "dumb"
	return &screen{out: out, place: terminal, color: terminal && os.Getenv("NO_COLOR") == ""}
}

// print shows a status once.
func (s *screen) print(name string, status *api.Status, now time.Time) {
	s.write(tree.Lines(name, status, now))
}

// update shows a status that may change again; last says that it does not.
func (s *screen) update(name string, status *api.Status, now time.Time, last bool) {
	if !s.place {
		s.write(s.log.Lines(name, status, now))
		return
	}
	lines := tree.Lines(name, status, now)
	s.erase()
	if last {
		s.write(lines)
		return
	}
	// A line that wraps would be two to go up.
	fmt.Fprint(s.out, wrapOff)
	s.write(lines)
	fmt.Fprint(s.out, wrapOn)
	s.drawn = len(lines)
}

func (s *screen) erase() {
	if s.drawn > 0 {
		fmt.Fprintf(s.out, "\033[%dA%s", s.drawn, clearBelow)
		s.drawn = 0
	}
}

func (s *screen) write(lines []string) {
	for _, l := range lines {
		if s.color {
			l = paint.Replace(l)
		}
		fmt.Fprintln(s.out, l)
	}
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
