package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/preview"
	"github.com/dittofs/dittofs-operator/engine/api"
)

// testCase is a case in a package's tests folder.
type testCase struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	// Spec is the wish; Old is the wish that was carried out before, if any.
	Spec map[string]any `json:"spec"`
	Old  map[string]any `json:"old,omitempty"`
}

func newTest() *cobra.Command {
	var update bool
	cmd := &cobra.Command{
		Use:   "test DIR",
		Short: "Compare what plans would do for the cases in DIR/tests with what is recorded beside them",
		Long: "Renders each tests/*.yaml of a package, as it is created and as it is deleted, or, with a spec under \"old\",\n" +
			"as it changes, and compares the result with the file of the same name that ends in .golden.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := load(args[0], cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			return runCases(cmd.OutOrStdout(), p, args[0], update)
		},
	}
	cmd.Flags().BoolVarP(&update, "update", "u", false, "record instead of comparing")
	return cmd
}

// runCases renders all cases and compares or records them.
func runCases(out io.Writer, p *api.Package, dir string, update bool) error {
	files, err := filepath.Glob(filepath.Join(dir, "tests", "*.yaml"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s/tests has no cases: put a document with kind and spec there", dir)
	}
	failed := 0
	for _, file := range files {
		if err := runCase(p, file, update); err != nil {
			failed++
			_, _ = fmt.Fprintf(out, "FAIL %s: %v\n", file, err)
			continue
		}
		_, _ = fmt.Fprintf(out, "ok   %s\n", file)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d cases failed; where the new result is right, record it with --update", failed, len(files))
	}
	return nil
}

func runCase(p *api.Package, file string, update bool) error {
	got, err := renderCase(p, file)
	if err != nil {
		return err
	}
	golden := strings.TrimSuffix(file, ".yaml") + ".golden"
	if update {
		return writeFile(golden, got)
	}
	want, err := os.ReadFile(golden)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("nothing is recorded in %s", golden)
	}
	if err != nil {
		return fmt.Errorf("read what is recorded: %w", err)
	}
	if bytes.Equal(want, got) {
		return nil
	}
	return fmt.Errorf("the result differs from %s (-recorded +now):\n%s", golden, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
}

// renderCase previews a case: the change from its old spec, or the whole life of an instance.
func renderCase(p *api.Package, file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	var c testCase
	if err := yaml.UnmarshalStrict(data, &c); err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	k := p.Kind(c.Kind)
	if k == nil {
		return nil, fmt.Errorf("package %s has no kind %q", p.Name, c.Kind)
	}
	inputs, err := c.inputs(p, k, strings.TrimSuffix(filepath.Base(file), ".yaml"))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, in := range inputs {
		in.Package, in.SystemNamespace = p, "plan-system"
		if err := preview.Write(&out, in); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// inputs are what to preview: the change from the old spec, or creation and deletion.
func (c *testCase) inputs(p *api.Package, k *api.Kind, name string) ([]preview.Input, error) {
	o, err := resourceOf(p, k, name, c.Spec)
	if err != nil {
		return nil, err
	}
	if c.Old == nil {
		return []preview.Input{{Resource: o}, {Resource: o.DeepCopy(), Deleted: true}}, nil
	}
	old, err := resourceOf(p, k, name, c.Old)
	return []preview.Input{{Resource: o, Old: old}}, err
}

// resourceOf is an instance with that name and spec, as the API server would hold it.
func resourceOf(p *api.Package, k *api.Kind, name string, spec map[string]any) (*unstructured.Unstructured, error) {
	data, err := json.Marshal(map[string]any{
		"apiVersion": p.Group + "/" + k.Version,
		"kind":       k.Names.Kind,
		"metadata":   map[string]any{"name": name},
		"spec":       spec,
	})
	if err != nil {
		return nil, fmt.Errorf("read spec: %w", err)
	}
	o := &unstructured.Unstructured{}
	return o, o.UnmarshalJSON(data)
}
