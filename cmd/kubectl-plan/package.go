package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/preview"
	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/packages"
)

func newPackage() *cobra.Command {
	cmd := &cobra.Command{Use: "package", Short: "Work with operator packages, without a cluster"}
	cmd.AddCommand(newVerify(), newRender(), newTest(), newCRDs(), newRBAC(), newDocs(), newFormat())
	return cmd
}

// load reads a package from a folder or an archive; warnings go to w.
func load(path string, w io.Writer) (*api.Package, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read package: %w", err)
	}
	var p *api.Package
	var problems api.Problems
	if info.IsDir() {
		p, problems = packages.Load(os.DirFS(path))
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read package: %w", err)
		}
		defer func() { _ = f.Close() }()
		p, problems = packages.LoadArchive(f)
	}
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("package %s has problems:\n%w", path, err)
	}
	for _, problem := range problems {
		_, _ = fmt.Fprintln(w, "warning:", problem)
	}
	return p, nil
}

func newVerify() *cobra.Command {
	return &cobra.Command{
		Use:   "verify DIR",
		Short: "Check a package and list all its problems with file and line",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := load(args[0], cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			_, _ = fmt.Fprintf(cmd.OutOrStdout(), "package %s %s is fine (%s)\n", p.Name, p.Version, p.Digest)
			for _, k := range p.Kinds {
				_, _ = fmt.Fprintf(cmd.OutOrStdout(), "  %s: %d plans, %d tasks, %d templates\n", k.Names.Kind, len(k.Plans), len(k.Tasks), len(k.Templates))
			}
			return nil
		},
	}
}

func newRender() *cobra.Command {
	var file, old, namespace string
	in := preview.Input{}
	cmd := &cobra.Command{
		Use:   "render DIR -f RESOURCE",
		Short: "Print what plans would apply for a resource, step by step, without a cluster",
		Example: "  kubectl plan package render operator-package -f media.yaml\n" +
			"  kubectl plan package render operator-package -f media.yaml --old media-before.yaml",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if in.Package, err = load(args[0], cmd.ErrOrStderr()); err != nil {
				return err
			}
			if in.Resource, err = readResource(file, namespace); err != nil {
				return err
			}
			if old != "" {
				if in.Old, err = readResource(old, namespace); err != nil {
					return err
				}
			}
			return preview.Write(cmd.OutOrStdout(), in)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&file, "filename", "f", "", "file with the resource; - is standard input")
	f.StringVar(&old, "old", "", "file with the resource as it was before, to see what the change asks for")
	f.StringVar(&in.Plan, "plan", "", "preview this plan instead of those that the change asks for")
	f.BoolVar(&in.Deleted, "deleted", false, "preview the deletion of the resource")
	f.StringVar(&in.SystemNamespace, "system-namespace", "dittofs-system", "namespace of the operator")
	f.StringVar(&namespace, "in-namespace", "", "namespace of a resource that states none; default is \"default\"")
	_ = cmd.MarkFlagRequired("filename")
	return cmd
}

func readResource(path, namespace string) (*unstructured.Unstructured, error) {
	var data []byte
	var err error
	if path == "-" {
		data, err = io.ReadAll(os.Stdin)
	} else {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read resource: %w", err)
	}
	raw, err := yaml.YAMLToJSONStrict(data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON(raw); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if o.GetNamespace() == "" && namespace != "" {
		o.SetNamespace(namespace)
	}
	return o, nil
}

// writeFile writes a file into a folder that it makes if need be.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
