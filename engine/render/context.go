package render

// Context is what templates see. Spec is also there as .Params.
type Context struct {
	// Name and Namespace are the instance's.
	Name, Namespace string
	// Object is the whole instance.
	Object map[string]any
	// Spec is the instance's spec with defaults.
	Spec map[string]any
	// Refs are the objects that the instance refers to, by the name of the reference.
	Refs map[string]any
	// Outputs are the results of earlier steps.
	Outputs map[string]any
	// Plan, Step and Run name what is being carried out.
	Plan, Step, Run string
	// Package is the package version in use.
	Package PackageInfo
	// Engine is the engine itself.
	Engine EngineInfo
}

// PackageInfo names a package version.
type PackageInfo struct{ Name, Version, AppVersion string }

// EngineInfo says where the engine runs.
type EngineInfo struct{ Namespace string }

// Options change what templates may do.
type Options struct {
	// Random allows the random functions: only for objects that are created once.
	Random bool
}

// data returns the root of a template's data. Templates may change it with set and merge, so that
// every render gets a copy.
func (c Context) data() map[string]any {
	spec := copied(c.Spec)
	return map[string]any{
		"Name": c.Name, "Namespace": c.Namespace,
		"Object": copied(c.Object), "Spec": spec, "Params": spec,
		"Refs": copied(c.Refs), "Outputs": copied(c.Outputs),
		"Plan": c.Plan, "Step": c.Step, "Run": c.Run,
		"Package": map[string]any{"Name": c.Package.Name, "Version": c.Package.Version, "AppVersion": c.Package.AppVersion},
		"Engine":  map[string]any{"Namespace": c.Engine.Namespace},
	}
}

func copied(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return deepCopy(m).(map[string]any)
}

// deepCopy is DeepCopyJSONValue that accepts every Go type and leaves what it does not know alone.
func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = deepCopy(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = deepCopy(e)
		}
		return out
	}
	return v
}
