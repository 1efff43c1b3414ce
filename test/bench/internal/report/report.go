// Package report keeps what was measured: a table for people and a file to compare with.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/dittofs/dittofs-operator/test/bench/internal/stats"
)

// Row is one number.
type Row struct {
	// ID is the measure's short name, such as M2.
	ID string `json:"id"`
	// What says in words what was measured.
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
	// Aim is the greatest value that is good enough, or the least with AtLeast; nil is none.
	Aim     *float64 `json:"aim,omitempty"`
	AtLeast bool     `json:"atLeast,omitempty"`
	// Met says whether the aim is reached; nil without one.
	Met  *bool  `json:"met,omitempty"`
	Note string `json:"note,omitempty"`
}

// Section is what was measured on one bed.
type Section struct {
	// Ratios are ratios and counts: they hold on any machine.
	Ratios []Row `json:"ratios"`
	// Times are seconds and bytes on this machine.
	Times   []Row   `json:"times"`
	Machine Machine `json:"machine"`
}

// Results are all sections; a run replaces the one that it measures.
type Results struct {
	// Envtest is measured on an API server alone, with a kubelet that only reports.
	Envtest *Section `json:"envtest,omitempty"`
	// Cluster is measured on a real cluster.
	Cluster *Section `json:"cluster,omitempty"`
}

// Value makes a row without an aim.
func Value(id, what string, value float64, unit string) Row {
	return Row{ID: id, What: what, Value: stats.Round(value, 3), Unit: unit}
}

// AtMost adds an aim from above.
func (r Row) AtMost(aim float64) Row {
	met := r.Value <= aim
	r.Aim, r.Met = &aim, &met
	return r
}

// AtLeastOf adds an aim from below.
func (r Row) AtLeastOf(aim float64) Row {
	met := r.Value >= aim
	r.Aim, r.Met, r.AtLeast = &aim, &met, true
	return r
}

// With adds a note.
func (r Row) With(format string, args ...any) Row {
	r.Note = fmt.Sprintf(format, args...)
	return r
}

// Ratio adds rows that hold on any machine.
func (s *Section) Ratio(rows ...Row) { s.Ratios = append(s.Ratios, rows...) }

// Time adds rows that hold on this machine.
func (s *Section) Time(rows ...Row) { s.Times = append(s.Times, rows...) }

// Missed names the rows that do not reach their aim.
func Missed(rows []Row) []string {
	var missed []string
	for _, r := range rows {
		if r.Met != nil && !*r.Met {
			missed = append(missed, r.ID+" "+r.What)
		}
	}
	return missed
}

// Table prints the section.
func (s *Section) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tMEASURE\tVALUE\tAIM\t\tNOTE")
	for _, r := range append(append([]Row{}, s.Ratios...), s.Times...) {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.What, number(r.Value, r.Unit), r.aim(), r.verdict(), r.Note)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	_, err := fmt.Fprintf(w, "\n%s\n", s.Machine)
	return err
}

func (r Row) aim() string {
	switch {
	case r.Aim == nil:
		return ""
	case r.AtLeast:
		return ">= " + number(*r.Aim, r.Unit)
	}
	return "<= " + number(*r.Aim, r.Unit)
}

func (r Row) verdict() string {
	switch {
	case r.Met == nil:
		return ""
	case *r.Met:
		return "ok"
	}
	return "MISSED"
}

func number(v float64, unit string) string {
	return strings.TrimSpace(fmt.Sprintf("%v %s", v, unit))
}

// Read reads results; a file that does not exist has none.
func Read(path string) (*Results, error) {
	r := &Results{}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read earlier results: %w", err)
	}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("read earlier results from %s: %w", path, err)
	}
	return r, nil
}

// Write writes results for people and diffs.
func (r *Results) Write(path string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}
