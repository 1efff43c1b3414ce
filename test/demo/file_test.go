package main

import "testing"

func TestNFSURL(t *testing.T) {
	got, err := nfsURL("10.96.0.7:2049", "hello")
	want := "nfs://10.96.0.7/export/hello?nfsport=2049&mountport=2049&version=3"
	if err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if _, err := nfsURL("10.96.0.7", "hello"); err == nil {
		t.Error("an address without a port was taken")
	}
}
