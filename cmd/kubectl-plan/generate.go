package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/reference"
	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/rights"
	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/schema"
)

// document is something generated from a package, with the name of the file that it may go to.
type document struct {
	file string
	data []byte
}

// newGenerator is a command that prints documents, or writes them into a folder.
func newGenerator(use, short string, generate func(*api.Package) ([]document, error)) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   use + " DIR",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := load(args[0], cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			documents, err := generate(p)
			if err != nil {
				return err
			}
			for _, d := range documents {
				if out != "" {
					if err := writeFile(target(out, d.file), d.data); err != nil {
						return err
					}
					continue
				}
				_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s", d.data)
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "folder, or file, to write to instead of printing")
	return cmd
}

// target is the file to write: out itself when it names a file, else the file in the folder out.
func target(out, file string) string {
	if filepath.Ext(out) != "" {
		return out
	}
	return filepath.Join(out, file)
}

func newCRDs() *cobra.Command {
	return newGenerator("crds", "Print the CustomResourceDefinitions of a package", func(p *api.Package) ([]document, error) {
		var out []document
		for _, k := range p.Kinds {
			crd, err := schema.CRD(p, k)
			if err != nil {
				return nil, err
			}
			data, err := marshal(crd)
			if err != nil {
				return nil, err
			}
			out = append(out, document{file: p.Group + "_" + k.Names.Plural + ".yaml", data: data})
		}
		return out, nil
	})
}

func newRBAC() *cobra.Command {
	return newGenerator("rbac", "Print the least rights that carrying out a package needs", func(p *api.Package) ([]document, error) {
		rules, err := rights.Of(p)
		if err != nil {
			return nil, err
		}
		data, err := marshal(&rbacv1.ClusterRole{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRole"},
			ObjectMeta: metav1.ObjectMeta{Name: p.Name + "-operator", Labels: map[string]string{"app.kubernetes.io/name": p.Name + "-operator"}},
			Rules:      rules,
		})
		return []document{{file: "role.yaml", data: data}}, err
	})
}

func newDocs() *cobra.Command {
	return newGenerator("docs", "Print the reference of a package's kinds as Markdown", func(p *api.Package) ([]document, error) {
		var out []document
		for _, k := range p.Kinds {
			crd, err := schema.CRD(p, k)
			if err != nil {
				return nil, err
			}
			out = append(out, document{file: k.Folder + ".md", data: reference.Markdown(crd, k)})
		}
		return out, nil
	})
}

// newFormat prints the reference of the package format itself.
func newFormat() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "format",
		Short: "Print the reference of a package's documents as Markdown",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var schemas [][]byte
			for _, name := range []string{"operator", "kind", "schema", "plans", "tasks"} {
				data, err := packages.JSONSchema(name)
				if err != nil {
					return err
				}
				schemas = append(schemas, data)
			}
			data, err := reference.Format(schemas)
			if err != nil {
				return err
			}
			if out != "" {
				return writeFile(target(out, "package-format.md"), data)
			}
			_, err = cmd.OutOrStdout().Write(data)
			return err
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "folder, or file, to write to instead of printing")
	return cmd
}

// marshal writes an object as YAML without what only a server sets.
func marshal(o any) ([]byte, error) {
	data, err := yaml.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("print %T: %w", o, err)
	}
	var m map[string]any
	if err := yaml.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("print %T: %w", o, err)
	}
	delete(m, "status")
	if meta, ok := m["metadata"].(map[string]any); ok && meta["creationTimestamp"] == nil {
		delete(meta, "creationTimestamp")
	}
	if data, err = yaml.Marshal(m); err != nil {
		return nil, fmt.Errorf("print %T: %w", o, err)
	}
	return append([]byte("# Generated from the operator package; do not edit.\n---\n"), data...), nil
}
