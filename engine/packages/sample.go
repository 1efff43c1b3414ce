package packages

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/render"
)

// sample is a spec to render templates with.
type sample struct {
	// with begins the messages about it; it is empty for the smallest spec.
	with string
	spec map[string]any
}

// samples returns the smallest spec that the schema allows, one in which every field is set, and
// those of the package's tests.
func (l *loader) samples(k *kind) []sample {
	var out []sample
	small, refused := k.compiled.Sample()
	if refused.Err() == nil {
		out = append(out, sample{spec: small})
	}
	if full, problems := k.compiled.FullSample(); problems.Err() == nil {
		out = append(out, sample{with: "with every field set: ", spec: full})
	}
	out = append(out, l.testSamples(k)...)
	if len(out) == 0 {
		l.warn(k.schema, "", "templates were not rendered, for no spec could be made up: "+refused[0].String(),
			"put a case with kind and spec into "+testsDir+"/")
	}
	return out
}

// testSamples reads the specs of the cases in tests/: documents with a kind and a spec.
func (l *loader) testSamples(k *kind) []sample {
	var out []sample
	for _, name := range slices.Sorted(maps.Keys(l.files)) {
		if !strings.HasPrefix(name, testsDir+"/") || !strings.HasSuffix(name, ".yaml") {
			continue
		}
		d := parse(name, l.files[name])
		m, _ := d.value.(map[string]any)
		spec, ok := m["spec"].(map[string]any)
		if !ok || m["kind"] != k.Names.Kind && m["kind"] != k.folder {
			continue
		}
		if problems := k.compiled.Validate(spec, nil); problems.Err() != nil {
			l.warn(d, "spec", "the schema refuses this spec: "+problems[0].String(), "")
			continue
		}
		out = append(out, sample{with: fmt.Sprintf("with the spec of %s: ", name), spec: k.compiled.Default(spec)})
	}
	return out
}

// context is what templates see of a sample.
func (l *loader) context(k *kind, s sample) render.Context {
	object := map[string]any{
		"apiVersion": l.pkg.Group + "/" + k.Version, "kind": k.Names.Kind,
		"metadata": map[string]any{
			"name": "sample", "namespace": "default", "uid": "00000000-0000-0000-0000-000000000000",
			"generation": int64(1), "labels": map[string]any{}, "annotations": map[string]any{},
		},
		"spec": s.spec,
	}
	c := render.Context{
		Name: "sample", Namespace: "default", Object: object, Spec: s.spec, Outputs: outputs(k),
		Plan: "sample", Step: "sample/sample", Run: "00000000",
		Package: render.PackageInfo{Name: l.pkg.Name, Version: l.pkg.Version, AppVersion: l.pkg.AppVersion},
		Engine:  render.EngineInfo{Namespace: "engine"},
	}
	if len(k.Plans) > 0 {
		c.Plan = k.Plans[0].Name
	}
	return c
}

// outputs makes up a result for every output of every task.
func outputs(k *kind) map[string]any {
	all := map[string]any{}
	for i := range k.Tasks {
		of := map[string]any{}
		for name := range declaredOutputs(&k.Tasks[i]) {
			of[name] = "sample"
		}
		if len(of) > 0 {
			all[k.Tasks[i].Name] = of
		}
	}
	return all
}

func declaredOutputs(t *api.Task) map[string]string {
	switch t.Kind {
	case api.TaskWait:
		return t.Wait.Outputs
	case api.TaskHttp:
		return t.Http.Outputs
	}
	return nil
}
