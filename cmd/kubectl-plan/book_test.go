package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the README and the book tell people to type must exist: commands and their flags.
func TestCommandsInTheBookExist(t *testing.T) {
	pages, err := filepath.Glob(top + "docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile("(?:kubectl plan|kubectl-plan) ([^`|\n]*)")
	checked := 0
	for _, page := range append(pages, top+"README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(m[1])
			if len(words) == 0 || !regexp.MustCompile(`^[a-z]+$`).MatchString(words[0]) || strings.Contains(m[0], "kubectl plan is") {
				continue
			}
			checked++
			cmd, rest, err := newRoot().Find(words)
			if err != nil || cmd.HasSubCommands() {
				t.Errorf("%s: no command: %s", page, m[0])
				continue
			}
			for _, word := range rest {
				if !strings.HasPrefix(word, "-") {
					continue
				}
				name := strings.TrimLeft(word, "-")
				if cmd.Flags().Lookup(name) == nil && (len(name) != 1 || cmd.Flags().ShorthandLookup(name) == nil) && cmd.InheritedFlags().Lookup(name) == nil {
					t.Errorf("%s: %s has no flag %s", page, cmd.CommandPath(), word)
				}
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d commands found", checked)
	}
}
