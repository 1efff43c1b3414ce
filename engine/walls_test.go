package engine

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const modulePath = "github.com/dittofs/dittofs-operator"

// product is the word that the engine must not know but in its import path.
var product = regexp.MustCompile(`(?i)ditto`)

func TestEngineDoesNotKnowWhatItRuns(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "walls_test.go" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(data), "\n") {
			if product.MatchString(strings.ReplaceAll(line, modulePath, "")) {
				t.Errorf("%s:%d names the product: %s", path, i+1, strings.TrimSpace(line))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlanCoreHasNoClient(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./plan").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.Lines(string(out)) {
		for _, forbidden := range []string{"k8s.io/client-go", "sigs.k8s.io/controller-runtime", "net/http/httptest"} {
			if strings.HasPrefix(dep, forbidden) {
				t.Errorf("engine/plan depends on %s", strings.TrimSpace(dep))
			}
		}
	}
}
