package apply

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// The golden files are objects as they are sent.
func TestEnhance(t *testing.T) {
	owner := ownerNamed("media", "team-a", "uid-1")
	role := "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r, namespace: wrong}}"
	secret := "{apiVersion: v1, kind: Secret, metadata: {name: s, annotations: null, uid: x, ownerReferences: [{uid: y}]}, stringData: {b: two}, data: {a: 'b25l', b: 'b2xk'}, status: {}}"
	for name, c := range map[string]struct {
		text               string
		retain, namespaced bool
	}{
		"owned":          {statefulSet("s", "s", 1), false, true},
		"retained":       {configMap("a", "{x: one}"), true, true},
		"cluster-scoped": {role, false, false},
		"secret":         {secret, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			desired := parse(t, c.text)
			obj, err := Enhance(owner, firstRun, desired, c.retain, c.namespaced)
			must(t, err)
			text, err := yaml.Marshal(obj.Object)
			must(t, err)
			golden(t, "enhance-"+name+".yaml", string(text))
			if diff := cmp.Diff(parse(t, c.text), desired); diff != "" {
				t.Errorf("the argument was changed: %s", diff)
			}
		})
	}
}

func TestEnhanceRefuses(t *testing.T) {
	for name, c := range map[string]struct{ owner, text, reason, word string }{
		"no name":           {"media", "{apiVersion: v1, kind: ConfigMap}", ReasonInvalid, "has no name"},
		"foreign namespace": {"media", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}", ReasonForeignNamespace, `rendered for namespace "other", but Database/media lives in "team-a"`},
		"long name":         {strings.Repeat("x", 64), configMap("a", "{}"), ReasonInvalid, "choose a shorter name"},
		"odd stringData":    {"media", "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: x}", ReasonInvalid, "stringData must be a map"},
		"odd data":          {"media", "{apiVersion: v1, kind: Secret, metadata: {name: a}, data: x}", ReasonInvalid, "data must be a map"},
		"data not a text":   {"media", "{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: {}}}", ReasonInvalid, "data.k must be a string"},
		"data not base64":   {"media", "{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: plain!}}", ReasonInvalid, "use stringData"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Enhance(ownerNamed(c.owner, "team-a", "u"), firstRun, parse(t, c.text), false, true)
			wantVerdict(t, err, Terminal, c.reason, c.word)
		})
	}
}

// The hash tells what is wanted, not by which run, and not in which Go types.
func TestEnhanceHash(t *testing.T) {
	owner := ownerNamed("media", "team-a", "uid-1")
	sum := func(o Owner, stamp Stamp, obj *unstructured.Unstructured, retain bool) string {
		got, err := Enhance(o, stamp, obj, retain, true)
		must(t, err)
		return got.GetAnnotations()[api.AnnotationApplied]
	}
	numbers := func(n any) *unstructured.Unstructured {
		obj := parse(t, configMap("a", "{}"))
		obj.Object["number"] = n
		return obj
	}
	base := sum(owner, firstRun, numbers(int64(2)), false)
	for name, same := range map[string]string{
		"another run": sum(owner, Stamp{"x", "y", "z"}, numbers(int64(2)), false),
		"float":       sum(owner, firstRun, numbers(2.0), false),
		"int":         sum(owner, firstRun, numbers(2), false),
		"int32":       sum(owner, firstRun, numbers(int32(2)), false),
		"float32":     sum(owner, firstRun, numbers(float32(2)), false),
		"JSON number": sum(owner, firstRun, numbers(json.Number("2")), false),
	} {
		if same != base {
			t.Errorf("%s: want the same hash", name)
		}
	}
	for name, other := range map[string]string{
		"content": sum(owner, firstRun, numbers(int64(3)), false),
		"a text":  sum(owner, firstRun, numbers("2"), false),
		"retain":  sum(owner, firstRun, numbers(int64(2)), true),
		"owner":   sum(ownerNamed("media", "team-a", "uid-2"), firstRun, numbers(int64(2)), false),
	} {
		if other == base {
			t.Errorf("%s: want another hash", name)
		}
	}
}
