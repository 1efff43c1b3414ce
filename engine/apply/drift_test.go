package apply

import (
	"fmt"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"
)

func TestDrift(t *testing.T) {
	for name, c := range map[string]struct {
		want, have string
		paths      []string
	}{
		"equal":                          {"{spec: {a: 1}}", "{spec: {a: 1}}", nil},
		"a defaulted field":              {"{spec: {a: 1}}", "{spec: {a: 1, b: 2}}", nil},
		"a defaulted field in a list":    {"{spec: {l: [{a: 1}]}}", "{spec: {l: [{a: 1, b: 2}]}}", nil},
		"a changed field":                {"{spec: {a: 1}}", "{spec: {a: 2}}", []string{"spec.a"}},
		"a missing field":                {"{spec: {a: 1}}", "{spec: {}}", []string{"spec.a"}},
		"a missing map":                  {"{spec: {a: {b: 1}}}", "{spec: {}}", []string{"spec.a"}},
		"an emptied union member":        {"{spec: {v: [{emptyDir: {}}]}}", "{spec: {v: [{hostPath: {}}]}}", []string{"spec.v[0].emptyDir"}},
		"a map for a text":               {"{spec: {a: x}}", "{spec: {a: {x: 1}}}", []string{"spec.a"}},
		"a text for a map":               {"{spec: {a: {x: 1}}}", "{spec: {a: x}}", []string{"spec.a"}},
		"a longer list":                  {"{spec: {l: [a]}}", "{spec: {l: [a, b]}}", []string{"spec.l"}},
		"another order":                  {"{spec: {l: [a, b]}}", "{spec: {l: [b, a]}}", []string{"spec.l[0]", "spec.l[1]"}},
		"a changed element":              {"{spec: {l: [{a: 1}]}}", "{spec: {l: [{a: 2}]}}", []string{"spec.l[0].a"}},
		"null and absent":                {"{spec: {a: null}}", "{spec: {}}", nil},
		"null and something":             {"{spec: {a: null}}", "{spec: {a: 1}}", []string{"spec.a"}},
		"whole floats":                   {"{spec: {a: 1.0}}", "{spec: {a: 1}}", nil},
		"other floats":                   {"{spec: {a: 1.5}}", "{spec: {a: 1}}", []string{"spec.a"}},
		"a number and its text":          {"{spec: {a: 80}}", "{spec: {a: '80'}}", []string{"spec.a"}},
		"quantities":                     {"{spec: {requests: {cpu: 1000m, memory: 1024Mi}}}", "{spec: {requests: {cpu: '1', memory: 1Gi}}}", nil},
		"a quantity as a number":         {"{spec: {limits: {cpu: 1}}}", "{spec: {limits: {cpu: '1'}}}", nil},
		"other quantities":               {"{spec: {requests: {cpu: 1001m}}}", "{spec: {requests: {cpu: '1'}}}", []string{"spec.requests.cpu"}},
		"a size limit":                   {"{spec: {emptyDir: {sizeLimit: 1024Mi}}}", "{spec: {emptyDir: {sizeLimit: 1Gi}}}", nil},
		"a text that looks like one":     {"{spec: {env: [{name: A, value: 1000m}]}}", "{spec: {env: [{name: A, value: '1'}]}}", []string{"spec.env[0].value"}},
		"data that looks like one":       {"{data: {sizeLimit: 1000m}}", "{data: {sizeLimit: '1'}}", []string{"data.sizeLimit"}},
		"stamps":                         {"{metadata: {annotations: {planengine.dev/run: b}}}", "{metadata: {annotations: {planengine.dev/run: a}}}", nil},
		"the hash":                       {"{metadata: {annotations: {planengine.dev/applied: b}}}", "{metadata: {annotations: {planengine.dev/applied: a}}}", []string{"metadata.annotations[planengine.dev/applied]"}},
		"stamps of a Pod template":       {"{spec: {annotations: {planengine.dev/run: b}}}", "{spec: {annotations: {planengine.dev/run: a}}}", []string{"spec.annotations[planengine.dev/run]"}},
		"a label":                        {"{metadata: {labels: {a: b}}}", "{metadata: {labels: {c: d}}}", []string{"metadata.labels.a"}},
		"another owner beside":           {"{metadata: {ownerReferences: [{uid: a, controller: true}]}}", "{metadata: {ownerReferences: [{uid: b}, {uid: a, controller: true}]}}", nil},
		"another owner instead":          {"{metadata: {ownerReferences: [{uid: a}]}}", "{metadata: {ownerReferences: [{uid: b}]}}", []string{"metadata.ownerReferences[0]"}},
		"an owner that controls no more": {"{metadata: {ownerReferences: [{uid: a, controller: true}]}}", "{metadata: {ownerReferences: [{uid: a}]}}", []string{"metadata.ownerReferences[0].controller"}},
		"another finalizer beside":       {"{metadata: {finalizers: [a]}}", "{metadata: {finalizers: [b, a]}}", nil},
		"a lost finalizer":               {"{metadata: {finalizers: [a]}}", "{metadata: {finalizers: [b]}}", []string{"metadata.finalizers[0]"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Drift(parse(t, c.want), parse(t, c.have)); !slices.Equal(got, c.paths) {
				t.Errorf("want %q, got %q", c.paths, got)
			}
		})
	}
}

// Whatever the API server adds to a manifest, it still has all that the manifest states; and
// whatever single value somebody changes is found.
func TestDriftToleratesDefaultsAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := map[string]any{"spec": anyMap(t, 3)}
		live := normaliseMap(withDefaults(t, want).(map[string]any))
		if drift := Drift(&unstructured.Unstructured{Object: want}, &unstructured.Unstructured{Object: live}); drift != nil {
			t.Fatalf("want none, got %v\nwant %v\nlive %v", drift, want, live)
		}
		path, ok := spoil(t, live["spec"], want["spec"], "spec")
		if !ok {
			return
		}
		drift := Drift(&unstructured.Unstructured{Object: want}, &unstructured.Unstructured{Object: live})
		if !slices.Equal(drift, []string{path}) {
			t.Fatalf("want %s alone, got %v\nwant %v\nlive %v", path, drift, want, live)
		}
	})
}

func anyValue(t *rapid.T, depth int) any {
	if depth > 0 {
		switch rapid.IntRange(0, 3).Draw(t, "shape") {
		case 0:
			return anyMap(t, depth-1)
		case 1:
			list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
			for i := range list {
				list[i] = anyValue(t, depth-1)
			}
			return list
		}
	}
	return rapid.SampledFrom([]any{"text", "", "1000m", int64(7), int64(0), 2.5, 3.0, 4, true, false}).Draw(t, "scalar")
}

func anyMap(t *rapid.T, depth int) map[string]any {
	m := map[string]any{}
	for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c.d", "e"}), 0, 3, rapid.ID).Draw(t, "keys") {
		m[key] = anyValue(t, depth)
	}
	return m
}

// withDefaults copies the value and adds fields to its maps.
func withDefaults(t *rapid.T, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, key := range sorted(v) {
			out[key] = withDefaults(t, v[key])
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "defaults") {
			out[fmt.Sprintf("default%d", i)] = "default"
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withDefaults(t, v[i])
		}
		return out
	}
	return v
}

// spoil changes one value of live that want states and returns its path.
func spoil(t *rapid.T, live, want any, path string) (string, bool) {
	switch want := want.(type) {
	case map[string]any:
		if len(want) == 0 {
			return "", false
		}
		key := rapid.SampledFrom(sorted(want)).Draw(t, "key")
		at := live.(map[string]any)
		if deeper, ok := spoil(t, at[key], want[key], join(path, key)); ok {
			return deeper, true
		}
		at[key] = "spoiled"
		return join(path, key), true
	case []any:
		if len(want) == 0 {
			return "", false
		}
		i := rapid.IntRange(0, len(want)-1).Draw(t, "index")
		at := fmt.Sprintf("%s[%d]", path, i)
		if deeper, ok := spoil(t, live.([]any)[i], want[i], at); ok {
			return deeper, true
		}
		live.([]any)[i] = "spoiled"
		return at, true
	}
	return "", false
}

func sorted(m map[string]any) []string {
	keys := []string{}
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
