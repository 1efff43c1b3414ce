package operatorpackage

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/render"
	"github.com/dittofs/dittofs-operator/engine/schema"
	"github.com/dittofs/dittofs-operator/engine/trigger"
)

// wish is a spec with defaults, made of the words of a person.
func wish(t *testing.T, s *schema.Schema, text string) map[string]any {
	t.Helper()
	spec, _ := parseYAML(t, text).(map[string]any)
	if p := s.Validate(spec, nil); len(p) > 0 {
		t.Fatalf("%s: %v", text, p)
	}
	return s.Default(spec)
}

// objects renders what a spec asks for, by kind and name, apart from the generated Secrets.
func objects(t *testing.T, kind *api.Kind, spec map[string]any) map[string]*unstructured.Unstructured {
	t.Helper()
	set, err := render.New(kind.Templates)
	if err != nil {
		t.Fatal(err)
	}
	names := slices.DeleteFunc(set.Names(), func(n string) bool {
		return strings.HasPrefix(n, "secret-") || n == "retained.yaml"
	})
	list, err := set.Objects(names, contextOf(spec), render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*unstructured.Unstructured{}
	for _, o := range list {
		byName[o.GetKind()+"/"+o.GetName()] = o
	}
	if spec["networkPolicy"].(map[string]any)["enabled"] == false {
		delete(byName, "NetworkPolicy/media")
	}
	return byName
}

func contextOf(spec map[string]any) render.Context {
	return render.Context{Name: "media", Namespace: "storage", Spec: spec, Engine: render.EngineInfo{Namespace: "dittofs-system"}}
}

func podTemplate(objects map[string]*unstructured.Unstructured) any {
	template, _, _ := unstructured.NestedMap(objects["StatefulSet/media"].Object, "spec", "template")
	return template
}

func TestWhatAChangeTouches(t *testing.T) {
	const restart = "StatefulSet/media"
	tests := []struct {
		name, before, after string
		plans, objects      string
		restart             bool
	}{
		{name: "nothing", before: "{}", after: "{replicas: 1, adapters: {nfs: {port: 12049}}}"},
		{name: "version", before: "{}", after: "{version: 0.29.1}", plans: "update", objects: restart, restart: true},
		{name: "image", before: "{}", after: "{image: 'r.example.com/d:v1'}", plans: "update", objects: restart, restart: true},
		{name: "exposure", before: "{}", after: "{service: {type: LoadBalancer, annotations: {a: b}}}",
			plans: "update", objects: "Service/media"},
		{name: "sources", before: "{service: {type: LoadBalancer}}",
			after: "{service: {type: LoadBalancer, allowedSources: [10.0.0.0/8]}}",
			plans: "update", objects: "NetworkPolicy/media Service/media"},
		{name: "SMB on", before: "{}", after: "{adapters: {smb: {enabled: true}}}",
			plans: "update", objects: "NetworkPolicy/media Service/media"},
		{name: "NFS off beside SMB", before: "{adapters: {smb: {enabled: true}}}",
			after: "{adapters: {nfs: {enabled: false}, smb: {enabled: true}}}",
			plans: "update", objects: "NetworkPolicy/media Service/media " + restart, restart: true},
		{name: "port", before: "{}", after: "{adapters: {nfs: {port: 13049}}}",
			plans: "update", objects: "NetworkPolicy/media " + restart, restart: true},
		{name: "policy off", before: "{}", after: "{networkPolicy: {enabled: false}}", plans: "update", objects: "NetworkPolicy/media"},
		{name: "log level", before: "{}", after: "{logging: {level: DEBUG}}",
			plans: "update", objects: "ConfigMap/media-config " + restart, restart: true},
		{name: "another Secret", before: "{}", after: "{auth: {jwtSecretRef: {name: mine}}}", plans: "update", objects: restart, restart: true},
		{name: "reclaim policy", before: "{}", after: "{storage: {reclaimPolicy: Delete}}", plans: "update"},
		{name: "stop", before: "{}", after: "{replicas: 0}", plans: "stop", objects: restart},
		{name: "start", before: "{replicas: 0}", after: "{}", plans: "start", objects: restart},
		{name: "stop and another image", before: "{}", after: "{replicas: 0, version: 0.29.1}",
			plans: "stop update", objects: restart, restart: true},
		{name: "start with another image", before: "{replicas: 0}", after: "{version: 0.29.1}",
			plans: "update start", objects: restart, restart: true},
	}
	_, kind, s := load(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := wish(t, s, tt.before), wish(t, s, tt.after)
			if p := s.Validate(after, before); len(p) > 0 {
				t.Fatal(p)
			}
			if got := plans(t, kind, trigger.Input{Old: before, New: after, SchemaTriggers: s.Triggers()}); got != tt.plans {
				t.Errorf("asks for plans %q, want %q", got, tt.plans)
			}
			old, new := objects(t, kind, before), objects(t, kind, after)
			if got := strings.Join(changed(old, new), " "); got != tt.objects {
				t.Errorf("changes %q, want %q", got, tt.objects)
			}
			if got := !reflect.DeepEqual(podTemplate(old), podTemplate(new)); got != tt.restart {
				t.Errorf("restarts: %v, want %v", got, tt.restart)
			}
		})
	}
}

func TestCreationAndDeletionHaveTheirPlans(t *testing.T) {
	_, kind, s := load(t)
	spec := wish(t, s, "{replicas: 0}")
	if got := plans(t, kind, trigger.Input{Created: true, New: spec, SchemaTriggers: s.Triggers()}); got != "deploy" {
		t.Errorf("creation asks for %q", got)
	}
	if got := plans(t, kind, trigger.Input{Deleted: true, New: spec, SchemaTriggers: s.Triggers()}); got != "cleanup" {
		t.Errorf("deletion asks for %q", got)
	}
}

// plans are the names of the plans that a change asks for, in order.
func plans(t *testing.T, kind *api.Kind, in trigger.Input) string {
	t.Helper()
	chosen, err := trigger.Choose(kind, in)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(chosen))
	for i := range chosen {
		names[i] = chosen[i].Plan
	}
	return strings.Join(names, " ")
}

// changed lists the objects that differ, came or went.
func changed(old, new map[string]*unstructured.Unstructured) []string {
	all := maps.Clone(old)
	maps.Copy(all, new)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		return reflect.DeepEqual(old[name], new[name])
	})
}

func TestDeletionTakesTheDataButNoSecretOfTheUser(t *testing.T) {
	_, kind, s := load(t)
	set, err := render.New(kind.Templates)
	if err != nil {
		t.Fatal(err)
	}
	for spec, want := range map[string]string{
		"{}": "media-data media-admin media-jwt",
		"{auth: {adminPasswordSecretRef: {name: media-admin}}}":                       "media-data media-jwt",
		"{auth: {adminPasswordSecretRef: {name: a}, jwtSecretRef: {name: b}}}":        "media-data",
		"{auth: {jwtSecretRef: {name: media-jwt}}, storage: {reclaimPolicy: Delete}}": "media-data media-admin",
	} {
		list, err := set.Objects([]string{"retained.yaml"}, contextOf(wish(t, s, spec)), render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, o := range list {
			names = append(names, o.GetName())
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s deletes %s, want %s", spec, got, want)
		}
	}
}

func TestGracePeriodCoversTheShutdown(t *testing.T) {
	_, kind, s := load(t)
	for timeout, want := range map[string]int64{"1s": 13, "30s": 100, "999s": 3007, "2m": 370, "30m": 5410} {
		o := objects(t, kind, wish(t, s, "shutdownTimeout: "+timeout))["StatefulSet/media"]
		got, _, _ := unstructured.NestedFieldNoCopy(o.Object, "spec", "template", "spec", "terminationGracePeriodSeconds")
		if got != want {
			t.Errorf("%s: grace of %v (%T), want %d", timeout, got, got, want)
		}
	}
}
