package packages

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
)

// checkTasks looks whether what tasks name exists, and whether steps use them.
func (l *loader) checkTasks(k *kind) {
	if k.tasks == nil {
		return
	}
	names, used := map[string]int{}, usedTasks(k)
	for i := range k.Tasks {
		t, at := &k.Tasks[i], item("tasks", i)
		l.unique(k.tasks, at+".name", "task", t.Name, names)
		if k.plans != nil && !used[t.Name] {
			l.warn(k.tasks, at+".name", fmt.Sprintf("no step uses task %q", t.Name), "use it or remove it")
		}
		l.checkResources(k, at+".spec.resources", resources(t))
		l.checkTask(k, at+".spec", t)
	}
}

func usedTasks(k *kind) map[string]bool {
	used := map[string]bool{}
	for _, p := range k.Plans {
		for _, phase := range p.Phases {
			for _, s := range phase.Steps {
				for _, t := range s.Tasks {
					used[t] = true
				}
			}
		}
	}
	return used
}

// resources returns the templates that a task renders.
func resources(t *api.Task) []string {
	switch t.Kind {
	case api.TaskApply:
		return t.Apply.Resources
	case api.TaskDelete:
		return t.Delete.Resources
	case api.TaskPatch:
		return t.Patch.Resources
	case api.TaskGenerate:
		return t.Generate.Resources
	case api.TaskToggle:
		return t.Toggle.Resources
	}
	return nil
}

func (l *loader) checkResources(k *kind, at string, names []string) {
	seen := map[string]int{}
	for i, name := range names {
		here := item(at, i)
		l.unique(k.tasks, here, "template", name, seen)
		_, exists := k.Templates[name]
		switch {
		case !exists:
			l.add(k.tasks, here, fmt.Sprintf("there is no template %q", name), suggest.Hint(name, slices.Sorted(maps.Keys(k.Templates))))
		case isPartial(name):
			l.add(k.tasks, here, fmt.Sprintf("%q is a partial, which only other templates can use", name), "rename it without the leading _")
		}
	}
}

var (
	objectVars = []string{"object"}
	answerVars = []string{"status", "body", "text"}
)

// checkTask checks what is particular to a kind of task.
func (l *loader) checkTask(k *kind, at string, t *api.Task) {
	switch t.Kind {
	case api.TaskApply:
		l.checkHealth(k, at, t.Apply.Health, objectVars)
	case api.TaskPatch:
		l.checkHealth(k, at, t.Patch.Health, objectVars)
	case api.TaskToggle:
		l.checkHealth(k, at, t.Toggle.Health, objectVars)
		l.checkParameter(k, at+".parameter", t.Toggle.Parameter)
	case api.TaskWait:
		l.checkWait(k, at, t.Wait)
	case api.TaskHttp:
		l.checkHTTP(k, at, t.Http)
	case api.TaskConnect:
		l.checkEndpoint(k, at+".endpoint", t.Connect.Endpoint)
	}
}

func (l *loader) checkHealth(k *kind, at string, h api.Health, vars []string) {
	l.expression(k.tasks, at+".readyWhen", h.ReadyWhen, yesOrNo, vars...)
	l.expression(k.tasks, at+".failedWhen", h.FailedWhen, yesOrNo, vars...)
}

func (l *loader) checkOutputs(k *kind, at string, outputs map[string]string, vars []string) {
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		l.expression(k.tasks, join(at, name), outputs[name], text, vars...)
	}
}

func (l *loader) checkWait(k *kind, at string, w *api.WaitSpec) {
	l.checkHealth(k, at, w.Health, objectVars)
	l.checkOutputs(k, at+".outputs", w.Outputs, objectVars)
	if w.Absent && (w.ReadyWhen != "" || len(w.Outputs) > 0) {
		l.add(k.tasks, at+".absent", "an absent object has neither readyWhen nor outputs", "remove absent, or the others")
	}
}

func (l *loader) checkHTTP(k *kind, at string, h *api.HttpSpec) {
	l.checkHealth(k, at, h.Health, answerVars)
	l.checkOutputs(k, at+".outputs", h.Outputs, answerVars)
	if h.Unless != nil {
		l.expression(k.tasks, at+".unless.when", h.Unless.When, yesOrNo, answerVars...)
	}
	if e := l.checkEndpoint(k, at+".endpoint", h.Endpoint); e != nil && e.Scheme == "tcp" {
		l.add(k.tasks, at+".endpoint", fmt.Sprintf("endpoint %q can only be connected to", e.Name), "use a Connect task, or give the endpoint scheme http")
	}
}

// checkEndpoint returns the endpoint, or nil when there is none.
func (l *loader) checkEndpoint(k *kind, path, name string) *api.Endpoint {
	e := k.Endpoint(name)
	if e == nil && k.name != nil {
		names := make([]string, len(k.Endpoints))
		for i := range k.Endpoints {
			names[i] = k.Endpoints[i].Name
		}
		l.add(k.tasks, path, fmt.Sprintf("endpoint %q is not defined in %s", name, kindFile), suggest.Hint(name, names))
	}
	return e
}

// checkParameter looks whether a toggle's switch is a boolean of spec.
func (l *loader) checkParameter(k *kind, path, parameter string) {
	if k.compiled == nil {
		return
	}
	typ, err := k.compiled.Type(parameter)
	switch {
	case err != nil:
		l.report(k.tasks, fieldProblem(path, err))
	case typ != "boolean":
		l.add(k.tasks, path, fmt.Sprintf("spec.%s is of type %s, not boolean", parameter, typ), "a toggle follows a boolean")
	}
}
