package packages

import (
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/render"
)

// checkTemplates looks whether the fields that templates read exist, then renders all of them
// for some specs.
func (l *loader) checkTemplates(k *kind) {
	if k.templates == nil || k.compiled == nil {
		return
	}
	if !l.checkFields(k) || k.tasks == nil {
		return
	}
	for _, s := range l.samples(k) {
		if k.plans != nil {
			l.warnWhens(k, s)
		}
		if !l.renderAll(k, s) {
			return
		}
	}
}

// checkFields reports fields of spec that templates read and the schema does not have.
func (l *loader) checkFields(k *kind) bool {
	sound := true
	for _, name := range append(k.templates.Names(), k.templates.Partials()...) {
		for _, ref := range k.templates.Fields(name) {
			if _, err := k.compiled.Type(strings.Join(ref.Path, ".")); err != nil {
				p := fieldProblem(".Spec."+strings.Join(ref.Path, "."), err)
				p.File, p.Line, p.Column = k.folder+"/"+templatesDir+"/"+name, ref.Line, ref.Col
				l.problems = append(l.problems, p)
				sound = false
			}
		}
	}
	return sound
}

// renderAll renders what every task and endpoint renders for a sample.
func (l *loader) renderAll(k *kind, s sample) bool {
	r := &rendering{loader: l, kind: k, sample: s, context: l.context(k, s), sound: true}
	for i := range k.Endpoints {
		e, at := &k.Endpoints[i], item("endpoints", i)
		r.text(k.name, at+".service", e.Service)
		if e.Login != nil {
			r.text(k.name, at+".login.secret", e.Login.Secret)
		}
	}
	for i := range k.Tasks {
		r.task(item("tasks", i)+".spec", &k.Tasks[i])
	}
	return r.sound
}

// rendering renders a kind for one sample.
type rendering struct {
	*loader
	kind    *kind
	sample  sample
	context render.Context
	sound   bool
}

func (r *rendering) task(at string, t *api.Task) {
	switch t.Kind {
	case api.TaskWait:
		r.text(r.kind.tasks, at+".name", t.Wait.Name)
	case api.TaskHttp:
		r.call(at, t.Http)
	default:
		r.objects(t)
	}
}

func (r *rendering) call(at string, h *api.HttpSpec) {
	r.text(r.kind.tasks, at+".path", h.Path)
	if h.Unless != nil {
		r.text(r.kind.tasks, at+".unless.path", h.Unless.Path)
	}
	if _, err := r.kind.templates.Value("body", h.Body, r.context); err != nil {
		r.inline(r.kind.tasks, at+".body", err)
	}
}

func (r *rendering) objects(t *api.Task) {
	for _, name := range resources(t) {
		if _, exists := r.kind.Templates[name]; !exists || isPartial(name) {
			continue
		}
		_, err := r.kind.templates.Objects([]string{name}, r.context, render.Options{Random: t.Kind == api.TaskGenerate})
		if err == nil {
			continue
		}
		r.sound = false
		for _, p := range templateProblems(r.kind.folder+"/"+templatesDir+"/", err) {
			p.Message = r.sample.with + p.Message
			p.Line = max(p.Line, 1)
			r.problems = append(r.problems, p)
		}
	}
}

// text renders an inline template, which must not come out empty.
func (r *rendering) text(d *document, path, source string) {
	out, err := r.kind.templates.Text(path, source, r.context)
	if err != nil {
		r.inline(d, path, err)
		return
	}
	if strings.TrimSpace(out) == "" {
		r.sound = false
		r.add(d, path, r.sample.with+"the template renders to nothing", "")
	}
}

func (r *rendering) inline(d *document, path string, err error) {
	r.sound = false
	for _, p := range templateProblems("", err) {
		p.Path, p.Message = path, r.sample.with+p.Message
		r.report(d, p)
	}
}
