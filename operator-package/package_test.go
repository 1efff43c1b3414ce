package operatorpackage

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/schema"
)

// loaded is the package, loaded once.
var loaded = sync.OnceValues(func() (*api.Package, api.Problems) { return packages.Load(FS()) })

// load returns the package, its kind DittoFS and the kind's schema.
func load(t *testing.T) (*api.Package, *api.Kind, *schema.Schema) {
	t.Helper()
	p, problems := loaded()
	if p == nil {
		t.Fatalf("the package does not load:\n%v", problems)
	}
	s, err := schema.New(p.Kind("DittoFS"))
	if err != nil {
		t.Fatal(err)
	}
	return p, p.Kind("DittoFS"), s
}

// readYAML reads a file as Kubernetes reads resources: whole numbers are int64.
func readYAML(t *testing.T, file string) any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parseYAML(t, string(text))
}

func parseYAML(t *testing.T, text string) any {
	t.Helper()
	data, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var v any
	if err := utiljson.Unmarshal(bytes.TrimSpace(data), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// specOf returns the spec of a sample or a case.
func specOf(t *testing.T, file string) map[string]any {
	t.Helper()
	document, _ := readYAML(t, file).(map[string]any)
	spec, ok := document["spec"].(map[string]any)
	if !ok {
		t.Fatalf("%s has no spec", file)
	}
	return spec
}

// glob lists files and fails when there are none.
func glob(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no files %s (%v)", pattern, err)
		}
		all = append(all, found...)
	}
	return all
}

const (
	samples = "../config/samples/dittofs-*.yaml"
	cases   = "tests/*.yaml"
)

func TestPackageLoadsWithoutProblemsOrWarnings(t *testing.T) {
	_, problems := loaded()
	for _, p := range problems {
		t.Error(p)
	}
}
