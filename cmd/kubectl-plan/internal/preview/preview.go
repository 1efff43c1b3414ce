package preview

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/expr"
	"github.com/dittofs/dittofs-operator/engine/plan"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/schema"
	"github.com/dittofs/dittofs-operator/engine/trigger"
)

// Placeholders for what only a cluster knows.
const (
	uid       = "00000000-0000-0000-0000-000000000000"
	run       = "00000000"
	generated = "(generated once)"
)

// Input says what to preview.
type Input struct {
	Package *api.Package
	// Resource is the custom resource; Old is the same one as it was carried out last, or nil.
	Resource, Old *unstructured.Unstructured
	// Deleted previews the plan for deletion.
	Deleted bool
	// Plan names one plan instead of those that the change asks for.
	Plan string
	// SystemNamespace is the engine's namespace.
	SystemNamespace string
}

// preview is one preview under way.
type preview struct {
	Input
	kind      *api.Kind
	templates *render.Set
	triggers  map[string]string
	spec, old map[string]any
	out       bytes.Buffer
}

// Write previews and writes YAML with comments. Nothing is written when something is wrong.
func Write(w io.Writer, in Input) error {
	p, err := prepare(in)
	if err != nil {
		return err
	}
	chosen, err := p.choose()
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		p.printf("# nothing changes: no plan would run\n")
	}
	for _, c := range chosen {
		if err := p.plan(c); err != nil {
			return err
		}
	}
	_, err = w.Write(p.out.Bytes())
	return err
}

func prepare(in Input) (*preview, error) {
	p := &preview{Input: in, kind: in.Package.Kind(in.Resource.GetKind())}
	if p.kind == nil {
		return nil, fmt.Errorf("package %s has no kind %q", in.Package.Name, in.Resource.GetKind())
	}
	if p.Resource.GetNamespace() == "" {
		p.Resource.SetNamespace("default")
	}
	p.Resource.SetUID(uid)
	s, err := schema.New(p.kind)
	if err != nil {
		return nil, err
	}
	p.triggers = s.Triggers()
	if p.templates, err = render.New(p.kind.Templates); err != nil {
		return nil, err
	}
	if p.spec, err = specOf(s, p.Resource); err != nil {
		return nil, err
	}
	if p.Old != nil {
		if p.old, err = specOf(s, p.Old); err != nil {
			return nil, fmt.Errorf("the old resource: %w", err)
		}
	}
	problems := append(s.Validate(p.spec, p.old), s.ValidateName(p.Resource.GetName())...)
	return p, problems.Err()
}

// specOf is the resource's spec with defaults, as plans see it.
func specOf(s *schema.Schema, o *unstructured.Unstructured) (map[string]any, error) {
	spec, found, err := unstructured.NestedMap(o.Object, "spec")
	if err != nil {
		return nil, fmt.Errorf("read spec: %w", err)
	}
	if !found {
		spec = map[string]any{}
	}
	delete(spec, "operation")
	return s.Default(spec), nil
}

func (p *preview) choose() ([]trigger.Chosen, error) {
	if p.Input.Plan != "" {
		if p.kind.Plan(p.Input.Plan) == nil {
			return nil, fmt.Errorf("%s has no plan %q", p.kind.Names.Kind, p.Input.Plan)
		}
		return []trigger.Chosen{{Plan: p.Input.Plan, Reason: "asked for"}}, nil
	}
	return trigger.Choose(p.kind, trigger.Input{Created: p.old == nil, Deleted: p.Deleted, Old: p.old, New: p.spec, SchemaTriggers: p.triggers})
}

func (p *preview) plan(c trigger.Chosen) error {
	compiled, problems := plan.Compile(p.kind, c.Plan)
	if err := problems.Err(); err != nil {
		return err
	}
	p.printf("# plan %s (%s)\n", c.Plan, c.Reason)
	for i := range compiled.Steps {
		if err := p.step(c.Plan, &compiled.Steps[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *preview) step(planName string, s *plan.Step) error {
	if s.When != nil {
		old := p.old
		if old == nil {
			old = map[string]any{}
		}
		is, err := s.When.Bool(expr.Vars{"spec": p.spec, "old": old, "outputs": map[string]any{}, "plan": planName})
		if err != nil && !expr.IsMissing(err) {
			return fmt.Errorf("step %s: %w", s.Name, err)
		}
		if !is {
			p.printf("# step %s: skipped\n", s.Name)
			return nil
		}
	}
	p.printf("# step %s\n", s.Name)
	var all []error
	for _, name := range s.Tasks {
		if err := p.task(planName, s.Name, p.kind.Task(name)); err != nil {
			all = append(all, fmt.Errorf("step %s, task %s: %w", s.Name, name, err))
		}
	}
	return errors.Join(all...)
}

func (p *preview) context(planName, step string) render.Context {
	return render.Context{
		Name: p.Resource.GetName(), Namespace: p.Resource.GetNamespace(),
		Object:  map[string]any{"metadata": map[string]any{"name": p.Resource.GetName(), "namespace": p.Resource.GetNamespace(), "uid": uid}},
		Spec:    p.spec,
		Outputs: map[string]any{},
		Plan:    planName, Step: step, Run: run,
		Package: render.PackageInfo{Name: p.Package.Name, Version: p.Package.Version, AppVersion: p.Package.AppVersion},
		Engine:  render.EngineInfo{Namespace: p.SystemNamespace},
	}
}

// object prints one object as it would be applied.
func (p *preview) object(c render.Context, o *unstructured.Unstructured, retain bool) error {
	owner := apply.Owner{Object: p.Resource, Package: p.Package.Name}
	full, err := apply.Enhance(owner, apply.Stamp{Plan: c.Plan, Step: c.Step, Run: c.Run}, o, retain, true)
	if err != nil {
		return err
	}
	data, err := yaml.Marshal(full.Object)
	if err != nil {
		return fmt.Errorf("print %s: %w", apply.RefOf(full), err)
	}
	p.printf("---\n%s", data)
	return nil
}

func (p *preview) printf(format string, args ...any) {
	fmt.Fprintf(&p.out, format, args...)
}
