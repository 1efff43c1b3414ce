package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/picture"
	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/tree"
)

func newStatus(c *cluster) *cobra.Command {
	var follow bool
	var output string
	cmd := &cobra.Command{
		Use:     "status KIND/NAME",
		Short:   "Show the running or last plan of an instance as a tree",
		Example: "  kubectl plan status dfs/media\n  kubectl plan status dfs/media -w",
		Args:    instanceArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			i, err := c.find(args)
			if err != nil {
				return err
			}
			if follow {
				return i.follow(cmd.Context(), newScreen(cmd.OutOrStdout()), time.Second)
			}
			_, s, err := i.get(cmd.Context())
			if err != nil {
				return err
			}
			switch output {
			case "tree":
				newScreen(cmd.OutOrStdout()).print(i.display, s, time.Now())
			case "svg":
				_, err = cmd.OutOrStdout().Write(picture.SVG(tree.Lines(i.display, s, time.Now())))
			default:
				err = fmt.Errorf("--output %q: use tree or svg; for the bare status use kubectl get -o yaml", output)
			}
			return err
		},
	}
	cmd.Flags().BoolVarP(&follow, "watch", "w", false, "follow until the instance is ready, gone, or needs a person; fails in the last case")
	cmd.Flags().StringVarP(&output, "output", "o", "tree", "tree, or svg for a picture")
	return cmd
}
