package api

import (
	"strings"
	"testing"
)

func TestCheckEndpoint(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://127.0.0.1:9000":  "private/internal address 127.0.0.1",
		"http://10.0.0.5:9000":   "private/internal address 10.0.0.5",
		"http://169.254.169.254": "link-local address",
		"https://192.0.2.1":      "",
		"":                       "",
	} {
		err := checkEndpoint(endpoint, false)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
	if err := checkEndpoint("http://10.0.0.5", true); err != nil {
		t.Error(err)
	}
	if err := checkEndpoint("http://169.254.169.254", true); err == nil {
		t.Error("a link-local address was accepted")
	}
}
