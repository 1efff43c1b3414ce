package contract

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// unstable are fields whose value follows background work or the machine.
var unstable = map[string]bool{
	"latency_ms": true, "file_count": true, "blocks_dirty": true, "blocks_local": true, "blocks_remote": true,
	"blocks_total": true, "blocks_cached": true, "completed_syncs": true, "failed_syncs": true, "unsynced_bytes": true,
	"dump_bytes": true, "manifest_count": true,
}

// unordered are lists whose order changes from call to call.
var unordered = map[string]bool{"types": true, "groups": true, "members": true}

var placeholder = regexp.MustCompile(`<(uuid:\d+|client_id:\d+|time|duration|ram_bytes|access_token|refresh_token|` +
	`generated_password|machine_sid|run_id|block_id|port)>`)

// names are the values that placeholders were seen to stand for.
type names map[string]string

// diff compares a recorded value with a received one and returns the first
// difference, or "".
func (n names) diff(path string, want, got any) string {
	switch w := want.(type) {
	case string:
		if placeholder.MatchString(w) {
			return n.diffText(path, w, fmt.Sprint(got))
		}
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			return n.diffObject(path, w, g)
		}
	case []any:
		if g, ok := got.([]any); ok {
			return n.diffList(path, w, g)
		}
	}
	if a, b := jsonText(want), jsonText(got); a != b {
		return fmt.Sprintf("%s: want %s, got %s", path, a, b)
	}
	return ""
}

func jsonText(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

func (n names) diffObject(path string, want, got map[string]any) string {
	keys := map[string]bool{}
	for k := range want {
		keys[k] = true
	}
	for k := range got {
		keys[k] = true
	}
	for _, k := range slices.Sorted(mapKeys(keys)) {
		w, inWant := want[k]
		g, inGot := got[k]
		switch {
		case unstable[k]:
		case !inGot:
			return fmt.Sprintf("%s.%s is missing", path, k)
		case !inWant:
			return fmt.Sprintf("%s.%s = %s is too much", path, k, jsonText(g))
		default:
			if d := n.diff(path+"."+k, sorted(k, w), sorted(k, g)); d != "" {
				return d
			}
		}
	}
	return ""
}

func mapKeys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// sorted returns lists without an order in one.
func sorted(key string, v any) any {
	list, ok := v.([]any)
	if !ok || !unordered[key] {
		return v
	}
	out := slices.Clone(list)
	sort.Slice(out, func(i, j int) bool { return jsonText(out[i]) < jsonText(out[j]) })
	return out
}

func (n names) diffList(path string, want, got []any) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%s: want %d entries, got %d: %s", path, len(want), len(got), jsonText(got))
	}
	for i := range want {
		if d := n.diff(fmt.Sprintf("%s[%d]", path, i), want[i], got[i]); d != "" {
			return d
		}
	}
	return ""
}

// diffText compares a text with placeholders, and learns what they stand for.
func (n names) diffText(path, want, got string) string {
	pattern, fresh := n.pattern(want)
	m := regexp.MustCompile(pattern).FindStringSubmatch(got)
	if m == nil {
		return fmt.Sprintf("%s: want %q, got %q", path, n.fill(want), got)
	}
	for i, name := range fresh {
		n[name] = m[i+1]
	}
	return ""
}

func (n names) pattern(want string) (pattern string, fresh []string) {
	pattern = "^"
	last := 0
	for _, loc := range placeholder.FindAllStringIndex(want, -1) {
		pattern += regexp.QuoteMeta(want[last:loc[0]])
		name := want[loc[0]:loc[1]]
		last = loc[1]
		switch {
		case n[name] != "":
			pattern += regexp.QuoteMeta(n[name])
		case strings.HasPrefix(name, "<uuid") || strings.HasPrefix(name, "<client_id"):
			pattern += "([0-9a-z-]+)"
			fresh = append(fresh, name)
		default:
			pattern += "(?s:.+)"
		}
	}
	return pattern + regexp.QuoteMeta(want[last:]) + "$", fresh
}

// fill puts known values in place of placeholders.
func (n names) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if v := n[name]; v != "" {
			return v
		}
		return name
	})
}
