package packages

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"sigs.k8s.io/yaml"

	"github.com/dittofs/dittofs-operator/engine/api"
)

const lampDir = "../testdata/packages/lamp"

func loadLamp(t testing.TB) *api.Package {
	t.Helper()
	p, problems := Load(os.DirFS(lampDir))
	if len(problems) > 0 {
		t.Fatalf("problems:\n%s", problems.Error())
	}
	return p
}

func TestLoadLamp(t *testing.T) {
	got, err := yaml.Marshal(loadLamp(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "lamp.model.yaml")
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
		t.Errorf("%s differs; run with -update if that is wanted\n--- got\n%s", path, got)
	}
}

func TestPlansKeepTheirOrder(t *testing.T) {
	var names []string
	for _, p := range loadLamp(t).Kinds[0].Plans {
		names = append(names, p.Name)
	}
	if got, want := strings.Join(names, " "), "deploy update resize cleanup"; got != want {
		t.Errorf("plans are %s, want %s", got, want)
	}
}

func TestWarningsDoNotRefuse(t *testing.T) {
	fsys := overlay(t, "-- bell/templates/old.yaml --\nx: y\n")
	p, problems := Load(fsys)
	if p == nil || len(problems) != 1 || !problems[0].Warning {
		t.Errorf("got package %v and problems %v, want a package and one warning", p != nil, problems)
	}
}

func TestLoadIsDeterministic(t *testing.T) {
	for _, name := range badPackages(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, first := Load(overlay(t, string(text)))
		if _, again := Load(overlay(t, string(text))); !reflect.DeepEqual(first, again) {
			t.Errorf("%s: once\n%s\nand once\n%s", name, first.Error(), again.Error())
		}
	}
}

func TestWhatIsNoPartOfAPackage(t *testing.T) {
	plain, problems := Load(overlay(t, ""))
	if plain == nil {
		t.Fatal(problems)
	}
	fsys := overlay(t, "-- README.md --\nhello\n-- package.go --\npackage bell\n-- tests/a.yaml --\nkind: Bell\nspec: {tone: a}\n-- .git/config --\nx\n-- bell/.swp --\nx\n")
	p, problems := Load(fsys)
	if p == nil || len(problems) > 0 {
		t.Fatalf("refused: %v", problems)
	}
	if p.Digest != plain.Digest {
		t.Error("a README, Go, tests or hidden files change the digest")
	}
	fsys["bell/templates/bell.yaml"].Data = append(fsys["bell/templates/bell.yaml"].Data, "# changed\n"...)
	if p, _ := Load(fsys); p == nil || p.Digest == plain.Digest {
		t.Error("another template has the same digest")
	}
}

func TestLimits(t *testing.T) {
	large := overlay(t, "")
	large["bell/templates/large.yaml"] = &fstest.MapFile{Data: make([]byte, MaxSize)}
	many := overlay(t, "")
	for i := range MaxFiles {
		many["bell/templates/"+strings.Repeat("x", i%50+1)+"/"+strings.Repeat("y", i/50+1)+".yaml"] = &fstest.MapFile{}
	}
	for want, fsys := range map[string]fstest.MapFS{
		"operator.yaml: the package cannot be read: its files have more than 4 MiB in all": large,
		"operator.yaml: the package cannot be read: the package has more than 2000 files":  many,
	} {
		if _, problems := Load(fsys); problems.Error() != want {
			t.Errorf("got %s, want %s", problems.Error(), want)
		}
	}
}

func TestLinksAreRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, overlay(t, "")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("bell.yaml", filepath.Join(dir, "bell/templates/link.yaml")); err != nil {
		t.Fatal(err)
	}
	_, problems := Load(os.DirFS(dir))
	const want = "bell/templates/link.yaml: is no regular file (links and devices are not part of a package)"
	if problems.Error() != want {
		t.Errorf("got %s, want %s", problems.Error(), want)
	}
}

func TestAFolderThatDoesNotExist(t *testing.T) {
	_, problems := Load(os.DirFS(filepath.Join(t.TempDir(), "none")))
	if problems.Err() == nil || !strings.Contains(problems.Error(), "the package cannot be read") {
		t.Errorf("got %v", problems)
	}
}
