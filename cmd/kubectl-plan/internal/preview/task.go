package preview

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/apply"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/task"
)

// task prints what one task would do.
func (p *preview) task(planName, step string, t *api.Task) error {
	c := p.context(planName, step)
	p.printf("# task %s (%s)\n", t.Name, t.Kind)
	switch t.Kind {
	case api.TaskApply:
		return p.objects(c, t.Apply.Resources, t.Apply.Retain)
	case api.TaskToggle:
		on, err := task.Boolean(p.spec, t.Toggle.Parameter)
		if err != nil {
			return err
		}
		if on {
			return p.objects(c, t.Toggle.Resources, t.Toggle.Retain)
		}
		return p.deletions(c, t.Toggle.Resources)
	case api.TaskPatch:
		return p.objects(c, t.Patch.Resources, false)
	case api.TaskDelete:
		return p.deletions(c, t.Delete.Resources)
	case api.TaskGenerate:
		return p.secrets(c, t.Generate)
	case api.TaskWait:
		return p.wait(c, t.Wait)
	case api.TaskHttp:
		return p.call(c, t.Http)
	case api.TaskConnect:
		p.printf("#   connects to endpoint %s\n", t.Connect.Endpoint)
	}
	return nil
}

func (p *preview) objects(c render.Context, resources []string, retain bool) error {
	objects, err := p.templates.Objects(resources, c, render.Options{})
	if err != nil {
		return err
	}
	for _, o := range objects {
		task.StampPods(o, apply.Owner{Object: p.Resource, Package: p.Package.Name})
		if err := p.object(c, o, retain); err != nil {
			return err
		}
	}
	return nil
}

func (p *preview) deletions(c render.Context, resources []string) error {
	objects, err := p.templates.Objects(resources, c, render.Options{})
	if err != nil {
		return err
	}
	for _, o := range objects {
		p.printf("#   deletes %s\n", apply.RefOf(o))
	}
	return nil
}

// secrets prints generated objects without the random values.
func (p *preview) secrets(c render.Context, g *api.GenerateSpec) error {
	objects, err := p.templates.Objects(g.Resources, c, render.Options{Random: true})
	if err != nil {
		return err
	}
	for _, o := range objects {
		for _, field := range []string{"data", "stringData"} {
			values, _, _ := unstructured.NestedStringMap(o.Object, field)
			for key := range values {
				values[key] = generated
			}
			if values != nil {
				unstructured.RemoveNestedField(o.Object, field)
				if err := unstructured.SetNestedStringMap(o.Object, values, "stringData"); err != nil {
					return err
				}
			}
		}
		if err := p.object(c, o, g.Retain); err != nil {
			return err
		}
	}
	return nil
}

func (p *preview) wait(c render.Context, w *api.WaitSpec) error {
	name, err := p.templates.Text("name", w.Name, c)
	if err != nil {
		return err
	}
	what := "is ready"
	if w.Absent {
		what = "is gone"
	}
	if w.ReadyWhen != "" {
		what = "satisfies " + w.ReadyWhen
	}
	p.printf("#   waits until %s/%s %s\n", w.Kind, name, what)
	return nil
}

func (p *preview) call(c render.Context, h *api.HttpSpec) error {
	path, err := p.templates.Text("path", h.Path, c)
	if err != nil {
		return err
	}
	method := h.Method
	if method == "" {
		method = "GET"
	}
	if h.Unless != nil {
		look, err := p.templates.Text("unless.path", h.Unless.Path, c)
		if err != nil {
			return err
		}
		p.printf("#   GET %s at endpoint %s; unless %s:\n", look, h.Endpoint, h.Unless.When)
	}
	p.printf("#   %s %s at endpoint %s\n", method, path, h.Endpoint)
	if h.Body == "" {
		return nil
	}
	body, err := p.templates.Value("body", h.Body, c)
	if err != nil {
		return err
	}
	data, err := yaml.Marshal(body)
	if err != nil {
		return fmt.Errorf("print body: %w", err)
	}
	json, err := yaml.YAMLToJSON(data)
	if err != nil {
		return fmt.Errorf("print body: %w", err)
	}
	p.printf("#   %s\n", json)
	return nil
}
