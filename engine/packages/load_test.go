package packages

import (
	"os"
	"testing"
)

const lampDir = "../testdata/packages/lamp"

func TestLoadLamp(t *testing.T) {
	p, problems := Load(os.DirFS(lampDir))
	for _, problem := range problems {
		t.Errorf("problem: %s", problem)
	}
	if p == nil {
		t.Fatal("not loaded")
	}
}
