package api

import (
	"testing"
	"time"
)

func TestParseInterval(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"@hourly": time.Hour, " @Daily ": 24 * time.Hour, "@weekly": 168 * time.Hour, "1h30m": 90 * time.Minute,
		"": 0, "0s": 0, "-1h": 0, "@yearly": 0, "1d": 0, "0 3 * * *": 0,
	} {
		got, err := parseInterval(text)
		if (err != nil) != (want == 0) || err == nil && got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
