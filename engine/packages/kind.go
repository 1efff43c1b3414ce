package packages

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/internal/suggest"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/schema"
)

// kind is a kind while it is loaded. What could not be read is nil.
type kind struct {
	*api.Kind
	folder string
	// name, schema, plans and tasks are the kind's documents.
	name, schema, plans, tasks *document
	compiled                   *schema.Schema
	templates                  *render.Set
}

// loadKind reads the folder of a kind, then checks what its documents say about each other.
func (l *loader) loadKind(i int, folder string) {
	if !l.hasFolder(folder) {
		l.add(l.operator, item("kinds", i), fmt.Sprintf("there is no folder %q", folder), suggest.Hint(folder, l.kindFolders()))
		return
	}
	k := &kind{folder: folder, Kind: &api.Kind{Folder: folder, Templates: map[string]string{}}}
	l.kinds = append(l.kinds, k)
	l.pkg.Kinds = append(l.pkg.Kinds, k.Kind)
	l.readKind(k)
	l.readSchema(k)
	l.readTasks(k)
	l.readPlans(k)
	l.readTemplates(k)
	l.checkKind(k)
	l.checkSchema(k)
	l.checkTasks(k)
	l.checkPlans(k)
	l.checkTemplates(k)
}

func (l *loader) hasFolder(folder string) bool {
	for name := range l.files {
		if strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

// kindFolders returns the folders that hold a kind.
func (l *loader) kindFolders() []string {
	var folders []string
	for name := range l.files {
		if folder, rest, _ := strings.Cut(name, "/"); rest == kindFile {
			folders = append(folders, folder)
		}
	}
	slices.Sort(folders)
	return folders
}

func (l *loader) readKind(k *kind) {
	k.name = l.open(k.folder+"/"+kindFile, "kind")
	if k.name == nil {
		return
	}
	raw, _ := k.name.value.(map[string]any)
	l.decode(k.name, "", raw, &k.Names)
	fields := map[string]any{}
	for key, v := range raw {
		fields[key] = v
	}
	fields["endpoints"] = portsAsText(raw["endpoints"])
	l.decode(k.name, "", fields, k.Kind)
}

// portsAsText lets authors write port numbers without quotes.
func portsAsText(endpoints any) []any {
	list, _ := endpoints.([]any)
	out := make([]any, len(list))
	for i, v := range list {
		e := map[string]any{}
		if m, ok := v.(map[string]any); ok {
			for key, value := range m {
				e[key] = value
			}
		}
		if port, ok := e["port"].(int64); ok {
			e["port"] = fmt.Sprint(port)
		}
		out[i] = e
	}
	return out
}

func (l *loader) readSchema(k *kind) {
	k.schema = l.open(k.folder+"/"+schemaFile, "schema")
	if k.schema != nil {
		k.Schema, _ = k.schema.value.(map[string]any)
	}
}

// readTasks decodes each task's spec into the type that its kind names.
func (l *loader) readTasks(k *kind) {
	k.tasks = l.open(k.folder+"/"+tasksFile, "tasks")
	if k.tasks == nil {
		return
	}
	raw, _ := k.tasks.value.(map[string]any)
	list, _ := raw["tasks"].([]any)
	for i, v := range list {
		m, _ := v.(map[string]any)
		var t api.Task
		l.decode(k.tasks, item("tasks", i), map[string]any{
			"name": m["name"], "kind": m["kind"], strings.ToLower(fmt.Sprint(m["kind"])): m["spec"],
		}, &t)
		k.Tasks = append(k.Tasks, t)
	}
}

// readPlans decodes the plans in the order in which they are written.
func (l *loader) readPlans(k *kind) {
	k.plans = l.open(k.folder+"/"+plansFile, "plans")
	if k.plans == nil {
		return
	}
	raw, _ := k.plans.value.(map[string]any)
	plans, _ := raw["plans"].(map[string]any)
	for _, name := range k.plans.order["plans"] {
		p := api.Plan{}
		l.decode(k.plans, join("plans", name), plans[name], &p)
		p.Name = name
		k.Plans = append(k.Plans, p)
	}
}

// readTemplates parses the kind's templates.
func (l *loader) readTemplates(k *kind) {
	dir := k.folder + "/" + templatesDir + "/"
	for name, text := range l.files {
		if short, ok := strings.CutPrefix(name, dir); ok && isTemplate(short) {
			k.Templates[short] = string(text)
		}
	}
	set, err := render.New(k.Templates)
	if err != nil {
		l.problems = append(l.problems, templateProblems(dir, err)...)
		return
	}
	k.templates = set
}
