package packages

import (
	"bytes"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// fuzzed are the files of the base package that the fuzzer replaces.
var fuzzed = []string{"operator.yaml", "bell/kind.yaml", "bell/schema.yaml", "bell/plans.yaml", "bell/tasks.yaml", "bell/templates/bell.yaml"}

// FuzzLoad puts any text in the place of one file: Load answers, always the same, and a package or
// an error, never both.
func FuzzLoad(f *testing.F) {
	for i, name := range fuzzed {
		f.Add(uint8(i), overlay(f, "")[name].Data)
	}
	for _, bad := range badPackages(f) {
		text, err := os.ReadFile(bad)
		if err != nil {
			f.Fatal(err)
		}
		_, bodies := sections(string(text))
		for i, name := range fuzzed {
			if body, ok := bodies[name]; ok {
				f.Add(uint8(i), []byte(body))
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		fsys := overlay(t, "")
		fsys[fuzzed[int(which)%len(fuzzed)]] = &fstest.MapFile{Data: text}
		p, problems := Load(fsys)
		if (p == nil) != (problems.Err() != nil) {
			t.Fatalf("package %v with problems %v", p != nil, problems)
		}
		if !slices.IsSortedFunc(problems, func(a, b api.Problem) int { return bytes.Compare([]byte(a.File), []byte(b.File)) }) {
			t.Fatalf("not sorted: %v", problems)
		}
		if _, again := Load(fsys); !slices.Equal(problems, again) {
			t.Fatalf("first %v\nthen %v", problems, again)
		}
	})
}

// FuzzLoadArchive reads any bytes as an archive.
func FuzzLoadArchive(f *testing.F) {
	packed, _, err := Archive(os.DirFS(lampDir))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add(packed[:len(packed)/2])
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, problems := LoadArchive(bytes.NewReader(b)); (p == nil) != (problems.Err() != nil) {
			t.Fatalf("package %v with problems %v", p != nil, problems)
		}
	})
}
