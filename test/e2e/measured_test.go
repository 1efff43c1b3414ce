package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// table collects what the tests have measured.
type table struct {
	mu   sync.Mutex
	rows []string
}

var measured table

// add notes a value, and what it must not exceed.
func (t *table) add(what, value, limit string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, what+"\t"+value+"\t"+limit)
}

// times notes durations as median and worst of n.
func (t *table) times(what string, all []time.Duration, limit string) {
	if len(all) == 0 {
		return
	}
	value := seconds(all[0])
	if len(all) > 1 {
		value = fmt.Sprintf("median %s, worst %s, n=%d", seconds(median(all)), seconds(slices.Max(all)), len(all))
	}
	t.add(what, value, limit)
}

// publish prints the table and keeps it for those who run without -v.
func (t *table) publish() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.rows) == 0 {
		return nil
	}
	slices.Sort(t.rows)
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "measured\tvalue\tasserted")
	fmt.Fprintln(w, strings.Join(t.rows, "\n"))
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "\n%s\n", b.String())
	out := filepath.Join("..", "..", "dist")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "e2e.txt"), b.Bytes(), 0o644)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func median(all []time.Duration) time.Duration {
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}
