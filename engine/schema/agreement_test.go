package schema

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// apiServer starts a control plane on which the definitions are installed.
func apiServer(t *testing.T, crds ...*apiextensionsv1.CustomResourceDefinition) client.Client {
	t.Helper()
	dir := os.Getenv("KUBEBUILDER_ASSETS")
	if _, err := os.Stat(filepath.Join(dir, "kube-apiserver")); dir == "" || err != nil {
		t.Fatalf("KUBEBUILDER_ASSETS=%q holds no kube-apiserver; run the tests with make, which sets it", dir)
	}
	env := &envtest.Environment{CRDs: crds, ControlPlaneStartTimeout: time.Minute, ControlPlaneStopTimeout: time.Minute}
	config, err := env.Start()
	if err != nil {
		t.Fatalf("start the control plane: %v", err)
	}
	t.Cleanup(func() {
		if err := env.Stop(); err != nil {
			t.Errorf("stop the control plane: %v", err)
		}
	})
	c, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return client.WithFieldValidation(c, "Strict")
}

func lampObject(name string, spec map[string]any) *unstructured.Unstructured {
	u := &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	u.SetAPIVersion("lamps.example.org/v1")
	u.SetKind("Lamp")
	u.SetNamespace("default")
	u.SetName(name)
	return u
}

// wish is a spec, the spec that it replaces, and what is said about it; want is empty for good ones.
type wish struct{ name, old, spec, want string }

var wishes = []wish{
	{"least", "", "{socket: E27}", ""},
	{"full", "", "{socket: E14, color: red, bulbs: 3, image: i, shade: {material: paper, holes: [{name: a}]}, timer: {enabled: true, minutes: 5}, labels: {a: b}, extra: {any: [1, {thing: 2.5}]}, port: http, operation: {suspend: true}}", ""},
	{"null-default", "", "{socket: E27, color: null, timer: null}", ""},
	{"null-optional", "", "{socket: E27, shade: null}", ""},
	{"required", "", "{}", `spec.socket: is required`},
	{"required-item", "", "{socket: E27, shade: {holes: [{width: 3}]}}", `spec.shade.holes[0].name: is required`},
	{"enum", "", "{socket: e27}", `spec.socket: "e27" is not supported; use one of "E14", "E27", "GU10" (did you mean "E27"?)`},
	{"type", "", "{socket: E27, bulbs: many}", `spec.bulbs: must be of type integer, not string`},
	{"type-object", "", "{socket: E27, timer: true}", `spec.timer: must be of type object, not boolean`},
	{"fraction", "", "{socket: E27, bulbs: 1.5}", `spec.bulbs: must be of type integer, not number`},
	{"minimum", "", "{socket: E27, bulbs: -1}", `spec.bulbs: must be greater than or equal to 0`},
	{"maximum", "", "{socket: E27, bulbs: 13}", `spec.bulbs: must be less than or equal to 12`},
	{"pattern", "", "{socket: E27, color: RED}", `spec.color: must match '^[a-z]+$'`},
	{"length", "", "{socket: E27, color: aaaaaaaaaaaaaaaaaaaaa}", `spec.color: may not be more than 20 bytes`},
	{"items", "", "{socket: E27, shade: {holes: [{name: a},{name: b},{name: c},{name: d},{name: e},{name: f},{name: g},{name: h},{name: i}]}}", `spec.shade.holes: must have at most 8 items`},
	{"twice", "", "{socket: E27, shade: {holes: [{name: a}, {name: a}]}}", `spec.shade.holes[1]: {"name":"a"} is stated twice`},
	{"int-or-string", "", "{socket: E27, port: true}", `spec.port: must be of type integer,string, not boolean`},
	{"map-value", "", "{socket: E27, labels: {a: 1}}", `spec.labels.a: must be of type string, not integer`},
	{"unknown", "", "{socket: E27, colour: red}", `spec.colour: is not a field of this kind (did you mean "color"?)`},
	{"unknown-deep", "", "{socket: E27, shade: {holes: [{name: a, with: 3}]}}", `spec.shade.holes[0].with: is not a field of this kind (did you mean "width"?)`},
	{"unknown-operation", "", "{socket: E27, operation: {pause: true}}", `spec.operation.pause: is not a field of this kind`},
	{"rule", "", "{socket: GU10, bulbs: 7}", `spec.bulbs: a GU10 lamp has at most 6 bulbs; lower spec.bulbs or choose another socket`},
	{"rule-of-two", "", "{socket: E27, bulbs: 0, timer: {enabled: true}}", `spec: a timer needs a bulb; set spec.bulbs to 1 or more, or switch the timer off`},
	{"a-name-that-is-longer-than-forty-characters", "", "{socket: E27}", `metadata.name: ` + nameMessage(40)},

	{"change", "{socket: E27}", "{socket: E27, color: red}", ""},
	{"same-as-default", "{socket: E27}", "{socket: E27, color: white}", ""},
	{"add-around", "{socket: E27}", "{socket: E27, shade: {holes: [{name: a}]}}", ""},
	{"remove-list", "{socket: E27, shade: {holes: [{name: a}]}}", "{socket: E27, shade: {}}", ""},
	{"suspend", "{socket: E27}", "{socket: E27, operation: {suspend: true}}", ""},
	{"immutable", "{socket: E27}", "{socket: E14}", `spec.socket: spec.socket cannot be changed after creation; restore the old value, or create another resource`},
	{"immutable-change", "{socket: E27, shade: {material: a}}", "{socket: E27, shade: {material: b}}", `spec.shade.material: a shade cannot change its material; make a new lamp`},
	{"immutable-add", "{socket: E27}", "{socket: E27, shade: {material: b}}", `spec.shade.material: a shade cannot change its material; make a new lamp`},
	{"immutable-remove", "{socket: E27, shade: {material: a}}", "{socket: E27, shade: {}}", `spec.shade.material: a shade cannot change its material; make a new lamp`},
	{"immutable-remove-all", "{socket: E27, shade: {material: a}}", "{socket: E27}", `spec.shade.material: a shade cannot change its material; make a new lamp`},
	{"immutable-item", "{socket: E27, shade: {holes: [{name: a, width: 1}, {name: b}]}}", "{socket: E27, shade: {holes: [{name: b}, {name: a, width: 2}]}}",
		`spec.shade.holes[1].width: an entry of spec.shade.holes.width cannot be changed after creation; restore the old value, or create another resource`},
}

func TestValidate(t *testing.T) {
	_, k := lamp(t)
	s := compiled(t, k)
	for _, w := range wishes {
		if got := verdict(s, w, t); got != w.want {
			t.Errorf("%s:\n got %s\nwant %s", w.name, got, w.want)
		}
	}
}

func verdict(s *Schema, w wish, t *testing.T) string {
	var old map[string]any
	if w.old != "" {
		old = specOf(t, w.old)
	}
	problems := append(api.Problems{}, s.ValidateName(w.name)...)
	return append(problems, s.Validate(specOf(t, w.spec), old)...).Error()
}

func TestAnAPIServerAgrees(t *testing.T) {
	p, k := lamp(t)
	crd, err := CRD(p, k)
	if err != nil {
		t.Fatal(err)
	}
	s := compiled(t, k)
	c := apiServer(t, crd)
	for _, w := range wishes {
		t.Run(w.name, func(t *testing.T) {
			got := lampObject(w.name, specOf(t, w.spec))
			err := put(t, c, w, got)
			if (err == nil) != (w.want == "") {
				t.Fatalf("the API server says %v, Validate says %q", err, w.want)
			}
			if err != nil {
				saysTheSame(t, err, w.want)
				return
			}
			if want := s.Default(specOf(t, w.spec)); !reflect.DeepEqual(got.Object["spec"], want) {
				t.Errorf("the API server defaults to %s\nDefault to %s", asJSON(t, got.Object["spec"]), asJSON(t, want))
			}
		})
	}
}

// put creates the object, or changes it from the old spec.
func put(t *testing.T, c client.Client, w wish, u *unstructured.Unstructured) error {
	t.Helper()
	if w.old == "" {
		return c.Create(t.Context(), u)
	}
	old := lampObject(w.name, specOf(t, w.old))
	if err := c.Create(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	u.SetResourceVersion(old.GetResourceVersion())
	return c.Update(t.Context(), u)
}

// saysTheSame looks for the path and, where the author wrote it, the message.
func saysTheSame(t *testing.T, err error, want string) {
	t.Helper()
	path, message, _ := strings.Cut(want, ": ")
	if strings.HasPrefix(path, "metadata.") {
		path = "at most 40 characters"
	}
	if !strings.Contains(err.Error(), path) {
		t.Errorf("the API server does not name %s: %v", path, err)
	}
	if strings.Contains(message, ";") && !strings.Contains(message, "use one of") && !strings.Contains(err.Error(), message) {
		t.Errorf("the API server says %v\nValidate says %s", err, message)
	}
}
