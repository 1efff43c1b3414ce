package main

import (
	"testing"

	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
)

func TestTally(t *testing.T) {
	got := tally([]bed.Call{
		{Verb: "patch", Resource: "configmaps"},
		{Verb: "patch", Resource: "pairs", Sub: "status"},
		{Verb: "patch", Resource: "pairs", Sub: "status"},
		{Verb: "create", Resource: "events"},
		{Verb: "get", Resource: "configmaps"},
		{Verb: "watch", Resource: "configmaps"},
	})
	if got.writes != 3 || got.reads != 2 || got.events != 1 {
		t.Errorf("%d writes, %d reads, %d events", got.writes, got.reads, got.events)
	}
	if want := "1 patch configmaps, 2 patch pairs/status"; got.String() != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
