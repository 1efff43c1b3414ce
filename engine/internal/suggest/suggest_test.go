package suggest

import "testing"

func TestClosest(t *testing.T) {
	words := []string{"serial", "parallel", "roll/server", "strategy", "spec"}
	for word, want := range map[string]string{
		"seriel":      "serial",
		"Serial":      "serial",
		"paralel":     "parallel",
		"paralell":    "parallel",
		"roll/sevrer": "roll/server",
		"starteggy":   "strategy",
		"spce":        "spec",
		"spce2":       "",
		"dag":         "",
		"":            "",
		"serial":      "",
		"parameters":  "",
	} {
		if got := Closest(word, words); got != want {
			t.Errorf("Closest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestClosestPrefersTheNearestThenTheFirst(t *testing.T) {
	if got := Closest("step-3", []string{"step-21", "step-1", "step-2"}); got != "step-1" {
		t.Errorf("got %q, want the first of the nearest, step-1", got)
	}
}

func TestHint(t *testing.T) {
	if got, want := Hint("seriel", []string{"serial"}), `did you mean "serial"?`; got != want {
		t.Errorf("Hint = %q, want %q", got, want)
	}
	if got := Hint("xyz", []string{"serial"}); got != "" {
		t.Errorf("Hint = %q, want none", got)
	}
	if got := Hint("xyz", nil); got != "" {
		t.Errorf("Hint = %q, want none", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"abc", "abd", 1}, {"abc", "acb", 1}, {"abc", "abcd", 1}, {"äbc", "abc", 1}, {"kitten", "sitting", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
