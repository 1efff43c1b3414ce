package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/tree"
	"github.com/dittofs/dittofs-operator/engine/api"
)

func newStatus(c *cluster) *cobra.Command {
	var follow bool
	cmd := &cobra.Command{
		Use:     "status KIND/NAME",
		Short:   "Show the running or last plan of an instance as a tree",
		Example: "  kubectl plan status dfs/media\n  kubectl plan status dfs/media -w",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			i, err := c.find(args[0])
			if err != nil {
				return err
			}
			if follow {
				return i.follow(cmd.Context(), cmd.OutOrStdout())
			}
			_, s, err := i.get(cmd.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), strings.Join(tree.Lines(i.display, s, time.Now()), "\n"))
			return err
		},
	}
	cmd.Flags().BoolVarP(&follow, "watch", "w", false, "follow until the instance is ready or needs a person; fails in the latter case")
	return cmd
}

// errStalled is how following ends when the engine cannot go on by itself.
var errStalled = errors.New("the plan failed; see above")

// follow draws the tree anew at each change, and each second where it can be drawn in place.
func (i *instance) follow(ctx context.Context, out io.Writer) error {
	o, _, err := i.get(ctx)
	if err != nil {
		return err
	}
	w, err := i.resource.Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + i.name, ResourceVersion: o.GetResourceVersion()})
	if err != nil {
		return fmt.Errorf("watch %s: %w", i.display, err)
	}
	defer w.Stop()
	s := &screen{out: out, inPlace: isTerminal(out)}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		done, err := i.show(s, o)
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case e, ok := <-w.ResultChan():
			if o, err = next(e, ok, i.display); err != nil {
				return err
			}
		}
	}
}

func next(e watch.Event, ok bool, display string) (*unstructured.Unstructured, error) {
	o, is := e.Object.(*unstructured.Unstructured)
	switch {
	case !ok || !is:
		return nil, fmt.Errorf("the watch of %s broke off; try again", display)
	case e.Type == watch.Deleted:
		return nil, fmt.Errorf("%s was deleted", display)
	}
	return o, nil
}

// show draws the tree and says whether there is anything left to wait for.
func (i *instance) show(s *screen, o *unstructured.Unstructured) (done bool, err error) {
	status, err := statusOf(o)
	if err != nil {
		return true, err
	}
	s.draw(tree.Lines(i.display, status, time.Now()))
	if status.ObservedGeneration != o.GetGeneration() {
		return false, nil
	}
	if meta.IsStatusConditionTrue(status.Conditions, api.ConditionStalled) {
		return true, errStalled
	}
	return meta.IsStatusConditionTrue(status.Conditions, api.ConditionReady), nil
}

// screen shows changing lines: in place on a terminal, else only those that are new.
type screen struct {
	out     io.Writer
	inPlace bool
	last    []string
}

func (s *screen) draw(lines []string) {
	if s.inPlace {
		if len(s.last) > 0 {
			_, _ = fmt.Fprintf(s.out, "\033[%dA\033[J", len(s.last))
		}
		_, _ = fmt.Fprintln(s.out, strings.Join(lines, "\n"))
		s.last = lines
		return
	}
	old := map[string]bool{}
	for _, l := range s.last {
		old[undated(l)] = true
	}
	for _, l := range lines {
		if !old[undated(l)] {
			_, _ = fmt.Fprintln(s.out, l)
		}
	}
	s.last = lines
}

// undated strips durations, so that a line that only grew older counts as the same.
func undated(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		if _, err := time.ParseDuration(w); err == nil {
			words[i] = ""
		}
	}
	return strings.Join(words, " ")
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
