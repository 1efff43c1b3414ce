package task

import (
	"fmt"
	"regexp"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
	"github.com/dittofs/dittofs-operator/engine/render"
)

// Program is a kind made ready to be carried out: templates parsed, expressions compiled.
type Program struct {
	Kind      *api.Kind
	Templates *render.Set
	tasks     map[string]*compiled
	logins    map[string]*login
}

// compiled are the expressions of one task; nil where the task has none.
type compiled struct {
	ready, failed, unless *expr.Program
	outputs               map[string]*expr.Program
	// message replaces the text of ready in what people read.
	message string
}

// login are the expressions of one endpoint's login.
type login struct{ token, expires *expr.Program }

var (
	objectVars = []string{"object"}
	answerVars = []string{"status", "body", "text"}
)

// Compile makes a kind ready to be carried out. Its errors name the task and the field.
func Compile(k *api.Kind) (*Program, error) {
	set, err := render.New(k.Templates)
	if err != nil {
		return nil, fmt.Errorf("parse templates of %s: %w", k.Names.Kind, err)
	}
	p := &Program{Kind: k, Templates: set, tasks: map[string]*compiled{}, logins: map[string]*login{}}
	for i := range k.Tasks {
		c, err := compile(&k.Tasks[i])
		if err != nil {
			return nil, fmt.Errorf("task %s of %s: %w", k.Tasks[i].Name, k.Names.Kind, err)
		}
		p.tasks[k.Tasks[i].Name] = c
	}
	for _, e := range k.Endpoints {
		if e.Login == nil {
			continue
		}
		if p.logins[e.Name], err = compileLogin(e.Login); err != nil {
			return nil, fmt.Errorf("endpoint %s of %s: %w", e.Name, k.Names.Kind, err)
		}
	}
	return p, nil
}

func compile(t *api.Task) (*compiled, error) {
	switch t.Kind {
	case api.TaskApply:
		return compileHealth(t.Apply.Health, objectVars, nil)
	case api.TaskToggle:
		return compileHealth(t.Toggle.Health, objectVars, nil)
	case api.TaskPatch:
		return compileHealth(t.Patch.Health, objectVars, nil)
	case api.TaskWait:
		return compileHealth(t.Wait.Health, objectVars, t.Wait.Outputs)
	case api.TaskHttp:
		return compileHTTP(t.Http)
	}
	return &compiled{}, nil
}

func compileHTTP(h *api.HttpSpec) (*compiled, error) {
	c, err := compileHealth(h.Health, answerVars, h.Outputs)
	if err != nil || h.Unless == nil {
		return c, err
	}
	c.unless, err = optional("unless.when", h.Unless.When, answerVars)
	return c, err
}

func compileHealth(h api.Health, vars []string, outputs map[string]string) (*compiled, error) {
	c := &compiled{outputs: map[string]*expr.Program{}, message: h.Message}
	var err error
	if c.ready, err = optional("readyWhen", h.ReadyWhen, vars); err != nil {
		return nil, err
	}
	if c.failed, err = optional("failedWhen", h.FailedWhen, vars); err != nil {
		return nil, err
	}
	for name, src := range outputs {
		if c.outputs[name], err = optional("outputs."+name, src, vars); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func compileLogin(l *api.Login) (*login, error) {
	token, err := optional("login.token", l.Token, []string{"body"})
	if err != nil {
		return nil, err
	}
	expires, err := optional("login.expiresIn", l.ExpiresIn, []string{"body"})
	return &login{token: token, expires: expires}, err
}

func optional(field, src string, vars []string) (*expr.Program, error) {
	if src == "" {
		return nil, nil
	}
	p, err := expr.Compile(src, vars...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	return p, nil
}

// kindLine finds apiVersion and kind of objects in templates, where they are written out.
var kindLine = regexp.MustCompile(`(?m)^apiVersion:\s*([\w./-]+)\s*\nkind:\s*(\w+)\s*$`)

// Kinds are the kinds of objects that the templates write out, plus Pods where there are workloads.
// Kinds that are themselves templated are not among them.
func (p *Program) Kinds() []schema.GroupVersionKind {
	seen := map[schema.GroupVersionKind]bool{}
	var kinds []schema.GroupVersionKind
	add := func(gvk schema.GroupVersionKind) {
		if !seen[gvk] {
			seen[gvk] = true
			kinds = append(kinds, gvk)
		}
	}
	for _, text := range p.Kind.Templates {
		for _, m := range kindLine.FindAllStringSubmatch(text, -1) {
			add(schema.FromAPIVersionAndKind(m[1], m[2]))
			if _, workload := podTemplates[m[2]]; workload {
				add(schema.GroupVersionKind{Version: "v1", Kind: "Pod"})
			}
		}
	}
	return kinds
}
