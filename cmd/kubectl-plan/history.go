package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/tree"
	"github.com/dittofs/dittofs-operator/engine/api"
)

func newHistory(c *cluster) *cobra.Command {
	return &cobra.Command{
		Use:     "history KIND/NAME",
		Short:   "List the running and the last runs of an instance, newest first",
		Example: "  kubectl plan history dfs/media",
		Args:    instanceArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			i, err := c.find(args)
			if err != nil {
				return err
			}
			_, s, err := i.get(cmd.Context())
			if err != nil {
				return err
			}
			runs := runsOf(s)
			if len(runs) == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "No plan of %s has run yet.\n", i.display)
				return nil
			}
			return writeHistory(cmd.OutOrStdout(), runs, time.Now())
		},
	}
}

// runsOf are the runs of the history, and the one that is not over yet before them.
func runsOf(s *api.Status) []api.Summary {
	if s.Plan == nil || s.Plan.State.Terminal() {
		return s.History
	}
	return append([]api.Summary{s.Plan.Summary()}, s.History...)
}

// writeHistory prints a table. A message is of interest only where a run did not come to its end.
func writeHistory(out io.Writer, runs []api.Summary, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 4, 3, ' ', 0)
	_, _ = fmt.Fprintln(w, "STARTED\tPLAN\tSTATE\tSTEPS\tTOOK\tREVISION\tRUN\tWHY")
	for _, r := range runs {
		end := now
		if r.FinishedAt != nil {
			end = r.FinishedAt.Time
		}
		why := r.Reason
		if r.State != api.RunComplete && r.Message != "" {
			why += "; " + r.Message
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", r.StartedAt.UTC().Format(time.RFC3339), r.Name, r.State, r.Progress,
			tree.Duration(end.Sub(r.StartedAt.Time)), r.Revision, r.UID, why)
	}
	return w.Flush()
}
