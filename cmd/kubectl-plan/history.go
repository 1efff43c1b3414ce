package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/tree"
)

func newHistory(c *cluster) *cobra.Command {
	return &cobra.Command{
		Use:     "history KIND/NAME",
		Short:   "List the last runs of an instance, newest first",
		Example: "  kubectl plan history dfs/media",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			i, err := c.find(args[0])
			if err != nil {
				return err
			}
			_, s, err := i.get(cmd.Context())
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			_, _ = fmt.Fprintln(w, "RUN\tPLAN\tREVISION\tSTATE\tSTEPS\tSTARTED\tTOOK\tREASON\tMESSAGE")
			for _, r := range s.History {
				took := "-"
				if r.FinishedAt != nil {
					took = tree.Duration(r.FinishedAt.Sub(r.StartedAt.Time))
				}
				_, _ = fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", r.UID, r.Name, r.Revision, r.State, r.Progress, r.StartedAt.Format(time.RFC3339), took, r.Reason, r.Message)
			}
			return w.Flush()
		},
	}
}
