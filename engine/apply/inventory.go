package apply

import (
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Set returns the inventory with exactly these objects for the task; a task without objects is
// dropped. Like all functions here it leaves its argument as it is.
func Set(inventory []api.TaskObjects, task string, refs []api.ObjectRef) []api.TaskObjects {
	out := make([]api.TaskObjects, 0, len(inventory)+1)
	placed := len(refs) == 0
	for _, entry := range inventory {
		switch {
		case entry.Task != task:
			out = append(out, entry)
		case !placed:
			placed = true
			out = append(out, api.TaskObjects{Task: task, Objects: slices.Clone(refs)})
		}
	}
	if !placed {
		out = append(out, api.TaskObjects{Task: task, Objects: slices.Clone(refs)})
	}
	return out
}

// Add returns the inventory with these objects besides those that the task has already: what is to
// be stored before the objects are made, so that none is ever forgotten.
func Add(inventory []api.TaskObjects, task string, refs []api.ObjectRef) []api.TaskObjects {
	all := slices.Clone(Of(inventory, task))
	for _, ref := range refs {
		if i := index(all, ref); i >= 0 {
			all[i] = ref
			continue
		}
		all = append(all, ref)
	}
	return Set(inventory, task, all)
}

// Remove returns the inventory without the object.
func Remove(inventory []api.TaskObjects, ref api.ObjectRef) []api.TaskObjects {
	out := make([]api.TaskObjects, 0, len(inventory))
	for _, entry := range inventory {
		left := slices.DeleteFunc(slices.Clone(entry.Objects), ref.Same)
		if len(left) > 0 {
			out = append(out, api.TaskObjects{Task: entry.Task, Objects: left})
		}
	}
	return out
}

// Of returns the objects of the task.
func Of(inventory []api.TaskObjects, task string) []api.ObjectRef {
	for _, entry := range inventory {
		if entry.Task == task {
			return entry.Objects
		}
	}
	return nil
}

// Refs returns all objects in the order in which they were applied, each once.
func Refs(inventory []api.TaskObjects) []api.ObjectRef {
	var out []api.ObjectRef
	for _, entry := range inventory {
		for _, ref := range entry.Objects {
			if index(out, ref) < 0 {
				out = append(out, ref)
			}
		}
	}
	return out
}

// Contains says whether the inventory has the object.
func Contains(inventory []api.TaskObjects, ref api.ObjectRef) bool {
	return slices.ContainsFunc(inventory, func(entry api.TaskObjects) bool { return index(entry.Objects, ref) >= 0 })
}

// Obsolete returns the objects that the task had, does not have among refs any more, and that no
// other task has.
func Obsolete(inventory []api.TaskObjects, task string, refs []api.ObjectRef) []api.ObjectRef {
	rest := Set(inventory, task, refs)
	var out []api.ObjectRef
	for _, ref := range Of(inventory, task) {
		if !Contains(rest, ref) {
			out = append(out, ref)
		}
	}
	return out
}

// Waves returns the objects in the order of deletion: what runs first, then what it used, and last
// what the others lived in (CustomResourceDefinitions, Namespaces); within a wave the reverse of the
// order in which they were applied.
func Waves(inventory []api.TaskObjects) [][]api.ObjectRef {
	var byRank [3][]api.ObjectRef
	refs := Refs(inventory)
	slices.Reverse(refs)
	for _, ref := range refs {
		byRank[rank(ref)] = append(byRank[rank(ref)], ref)
	}
	return slices.DeleteFunc(byRank[:], func(wave []api.ObjectRef) bool { return len(wave) == 0 })
}

// rank is the wave that the object belongs to.
func rank(ref api.ObjectRef) int {
	switch {
	case runs(ref):
		return 0
	case ref.Kind == "CustomResourceDefinition" || (ref.Kind == "Namespace" && gvkOf(ref).Group == ""):
		return 2
	}
	return 1
}

func index(refs []api.ObjectRef, ref api.ObjectRef) int {
	return slices.IndexFunc(refs, ref.Same)
}
