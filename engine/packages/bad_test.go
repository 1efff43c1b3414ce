package packages

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dittofs/dittofs-operator/engine/api"
)

var update = flag.Bool("update", false, "write golden files anew")

const badDir = "../testdata/packages/bad"

// goldenSection is the section of a bad package that says what is wrong with it.
const goldenSection = "problems"

// sections splits a text at lines of the form "-- name --"; what comes first has no name.
func sections(text string) (names []string, bodies map[string]string) {
	bodies = map[string]string{}
	name := ""
	for _, line := range strings.SplitAfter(text, "\n") {
		if n, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- "); ok && strings.HasSuffix(n, " --") {
			name = strings.TrimSuffix(n, " --")
			names = append(names, name)
			bodies[name] = ""
			continue
		}
		bodies[name] += line
	}
	return names, bodies
}

// overlay makes a package of the base and the files of a text; an empty file removes one.
func overlay(t testing.TB, text string) fstest.MapFS {
	t.Helper()
	base, err := os.ReadFile(filepath.Join(badDir, "base.txt"))
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, part := range []string{string(base), text} {
		_, bodies := sections(part)
		for name, body := range bodies {
			if name == "" || name == goldenSection {
				continue
			}
			fsys[name] = &fstest.MapFile{Data: []byte(body), Mode: 0o644}
			if body == "" {
				delete(fsys, name)
			}
		}
	}
	return fsys
}

func badPackages(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(badDir, "[0-9]*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 30 {
		t.Fatalf("only %d bad packages", len(names))
	}
	return names
}

func TestTheBaseOfBadPackagesIsSound(t *testing.T) {
	if _, problems := Load(overlay(t, "")); len(problems) > 0 {
		t.Fatal(problems)
	}
}

func TestBadPackages(t *testing.T) {
	for _, name := range badPackages(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			p, problems := Load(overlay(t, string(text)))
			if p != nil || problems.Err() == nil {
				t.Errorf("the package was loaded")
			}
			told(t, problems)
			compareProblems(t, name, string(text), problems)
		})
	}
}

// told demands of every problem what people need.
func told(t *testing.T, problems api.Problems) {
	t.Helper()
	for _, p := range problems {
		if p.File == "" || p.Message == "" {
			t.Errorf("says too little: %s", p)
		}
		if p.Line == 0 && !strings.Contains(p.Message, "missing") {
			t.Errorf("names no line: %s", p)
		}
		if strings.Contains(p.String(), "\n") {
			t.Errorf("has more than one line: %q", p)
		}
	}
}

func compareProblems(t *testing.T, name, text string, problems api.Problems) {
	t.Helper()
	var got strings.Builder
	for _, p := range problems {
		if p.Warning {
			got.WriteString("warning: ")
		}
		got.WriteString(p.String() + "\n")
	}
	_, bodies := sections(text)
	if bodies[goldenSection] == got.String() {
		return
	}
	if !*update {
		t.Errorf("got\n%swant\n%s", got.String(), bodies[goldenSection])
		return
	}
	before, _, _ := strings.Cut(text, "-- "+goldenSection+" --\n")
	after := before + "-- " + goldenSection + " --\n" + got.String()
	if err := os.WriteFile(name, []byte(after), 0o644); err != nil {
		t.Fatal(err)
	}
}
