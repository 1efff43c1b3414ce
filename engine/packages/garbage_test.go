package packages

import (
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// TestDamagedDocuments cuts, doubles and replaces pieces of sound documents.
func TestDamagedDocuments(t *testing.T) {
	base := overlay(t, "")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(fuzzed).Draw(t, "file")
		text := string(base[name].Data)
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			text = damage(t, text)
		}
		fsys := fstest.MapFS{}
		for n, f := range base {
			fsys[n] = f
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		p, problems := Load(fsys)
		if (p == nil) != (problems.Err() != nil) {
			t.Fatalf("package %v with problems %v", p != nil, problems)
		}
		for _, problem := range problems {
			if problem.File == "" || problem.Message == "" {
				t.Fatalf("says too little: %q", problem)
			}
		}
	})
}

// pieces are texts that mean something in YAML, templates or expressions.
var pieces = []string{
	"\n", "  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "? ", "| ", "!!binary ", "'", "\"", "\t", "\x00", "---\n",
	"~", "null", "true", "1e99", "-1", "{{ . }}", "{{ define \"x\" }}", "{{ end }}", "type: array\n", "items: {}", "$ref: x",
	"x-plan: tune", "x-immutable: true", "operation", "properties: ", "a.b[0]", "self", "kind: Wait", "é\u2028",
}

func damage(t *rapid.T, text string) string {
	from := rapid.IntRange(0, len(text)).Draw(t, "from")
	to := min(len(text), from+rapid.IntRange(0, 12).Draw(t, "length"))
	put := rapid.SampledFrom(pieces).Draw(t, "piece")
	if rapid.Bool().Draw(t, "move") && len(text) > 0 {
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		put = text[at:min(len(text), at+20)]
	}
	return text[:from] + put + text[to:]
}
