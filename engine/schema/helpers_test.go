package schema

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var update = flag.Bool("update", false, "write golden files anew")

const lampDir = "../testdata/packages/lamp"

// lamp reads the package of the tests without the loader, which is built on this package.
func lamp(t testing.TB) (*api.Package, *api.Kind) {
	t.Helper()
	p := &api.Package{Name: "lamp", Version: "1.2.3", Group: "lamps.example.org"}
	k := &api.Kind{Folder: "lamp"}
	readYAML(t, filepath.Join(lampDir, "lamp/kind.yaml"), k)
	readYAML(t, filepath.Join(lampDir, "lamp/kind.yaml"), &k.Names)
	readYAML(t, filepath.Join(lampDir, "lamp/schema.yaml"), &k.Schema)
	p.Kinds = []*api.Kind{k}
	return p, k
}

func readYAML(t testing.TB, path string, to any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, to); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// kindOf makes a kind of a schema in YAML.
func kindOf(t testing.TB, schema string) *api.Kind {
	t.Helper()
	k := &api.Kind{Folder: "thing", Version: "v1", Names: api.Names{Kind: "Thing", Plural: "things"}}
	if err := yaml.Unmarshal([]byte(schema), &k.Schema); err != nil {
		t.Fatal(err)
	}
	return k
}

func specOf(t testing.TB, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := yaml.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func compiled(t testing.TB, k *api.Kind) *Schema {
	t.Helper()
	s, err := New(k)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update", err)
	}
	if string(want) != string(got) {
		t.Errorf("%s differs; look at the difference and run with -update if it is wanted\n--- got\n%s", path, got)
	}
}

// asJSON takes the testing.T of rapid as well.
func asJSON(t interface{ Fatal(...any) }, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
