package dittofs

import (
	"encoding/json"
	"testing"
)

const listed = `{"items": [
  {"metadata": {"name": "media-headless"}, "spec": {"clusterIP": "None", "ports": [{"name": "nfs", "port": 12049}]}},
  {"metadata": {"name": "media"}, "spec": {"clusterIP": "10.96.0.7", "ports": [{"name": "smb", "port": 445}, {"name": "nfs", "port": 2049}]}}]}`

func TestFindSkipsHeadlessServices(t *testing.T) {
	var services serviceList
	if err := json.Unmarshal([]byte(listed), &services); err != nil {
		t.Fatal(err)
	}
	got, err := services.find("nfs")
	if want := (port{"media", "10.96.0.7", 2049}); err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if _, err := services.find("api"); err == nil {
		t.Error("a port that no Service has was found")
	}
}

func TestForwardingLine(t *testing.T) {
	got := forwarding.FindStringSubmatch("Forwarding from 127.0.0.1:41193 -> 12049")
	if len(got) != 2 || got[1] != "127.0.0.1:41193" {
		t.Errorf("got %q", got)
	}
	if got := forwarding.FindStringSubmatch("Forwarding from [::1]:41193 -> 12049"); got != nil {
		t.Errorf("IPv6 line taken: %q", got)
	}
}
