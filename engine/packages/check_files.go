package packages

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// checkFiles warns of files that the package does not use.
func (l *loader) checkFiles() {
	if l.operator != nil {
		for _, folder := range l.kindFolders() {
			if !slices.Contains(l.folders, folder) {
				l.warn(l.operator, "kinds", fmt.Sprintf("folder %q holds a kind that is not listed", folder), "add it to kinds or remove the folder")
			}
		}
	}
	for _, k := range l.kinds {
		l.checkTemplateFiles(k)
	}
}

func (l *loader) checkTemplateFiles(k *kind) {
	dir := k.folder + "/" + templatesDir + "/"
	used := map[string]bool{}
	for i := range k.Tasks {
		for _, name := range resources(&k.Tasks[i]) {
			used[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.files)) {
		short, ok := strings.CutPrefix(name, dir)
		switch {
		case !ok:
		case !isTemplate(short):
			l.warnFile(name, "is no template", "templates end in .yaml; partials are _*.tpl or _*.yaml")
		case k.tasks != nil && !isPartial(short) && !used[short]:
			l.warnFile(name, "no task uses this template", "use it or remove it")
		}
	}
}

func (l *loader) warnFile(name, message, hint string) {
	l.problems = append(l.problems, api.Problem{File: name, Line: 1, Message: message, Hint: hint, Warning: true})
}
