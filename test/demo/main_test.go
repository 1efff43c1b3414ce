package main

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestExplainSaysWhatWouldHelp(t *testing.T) {
	s := stage{name: "start a cluster", hint: "make cluster-up"}
	got := explain(t.Context(), s, errors.New("no root")).Error()
	for _, want := range []string{"start a cluster", "no root", "make cluster-up"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got := explain(ended, s, errors.New("killed")).Error(); strings.Contains(got, "killed") {
		t.Errorf("an interrupt is blamed on the stage: %q", got)
	}
}

func TestStagesOfBothModes(t *testing.T) {
	for own, want := range map[bool]int{true: 6, false: 5} {
		d := &demo{own: own}
		stages := d.stages()
		if len(stages) != want {
			t.Errorf("own=%v: %d stages, want %d", own, len(stages), want)
		}
		for _, s := range stages {
			if s.hint == "" || s.run == nil {
				t.Errorf("own=%v: stage %q lacks a hint or work", own, s.name)
			}
		}
	}
}
