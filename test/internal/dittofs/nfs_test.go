package dittofs

import "testing"

func TestURL(t *testing.T) {
	got, err := URL("10.96.0.7:2049", "export", "hello")
	want := "nfs://10.96.0.7/export/hello?nfsport=2049&mountport=2049&version=3"
	if err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if _, err := URL("10.96.0.7", "export", "hello"); err == nil {
		t.Error("an address without a port was taken")
	}
}
