package chain

import (
	"testing"

	"github.com/dittofs/dittofs-operator/engine/packages"
)

// The package is one that the engine takes, without a warning, and has one step an object.
func TestPackageLoads(t *testing.T) {
	p, problems := packages.Load(Package())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, k := range Kinds {
		loaded := p.Kind(k.Name)
		if loaded == nil {
			t.Errorf("no kind %s", k.Name)
			continue
		}
		if steps := len(loaded.Plan("deploy").Phases[0].Steps); steps != len(k.Objects) {
			t.Errorf("%s: %d steps for %d objects", k.Name, steps, len(k.Objects))
		}
	}
}

func TestObjectName(t *testing.T) {
	if got := ObjectName("a", 9); got != "a-s10" {
		t.Errorf("got %s", got)
	}
}
