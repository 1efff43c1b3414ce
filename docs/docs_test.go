// Package docs holds the book. Its tests hold the book, and the README, to the code.
package docs

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

const top = ".."

// pages are the README and all pages of the book, as paths from the top.
func pages(t *testing.T) []string {
	t.Helper()
	out := []string{"README.md"}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			out = append(out, filepath.Join("docs", path))
		}
		return err
	})
	if err != nil || len(out) < 8 {
		t.Fatalf("%d pages, %v", len(out), err)
	}
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(top, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// matches are the first groups of all matches, sorted and each once.
func matches(pattern, text string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// anchor is the name that GitHub gives a heading.
func anchor(heading string) string {
	text := strings.ToLower(strings.TrimLeft(heading, "# "))
	text = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(text, "")
	return strings.ReplaceAll(text, " ", "-")
}

func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		for _, link := range matches(`\]\(([^)\s]+)\)`, read(t, page)) {
			if strings.Contains(link, "://") {
				continue
			}
			file, section, _ := strings.Cut(link, "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(filepath.Join(top, target)); err != nil {
				t.Errorf("%s: link %s: %v", page, link, err)
				continue
			}
			if section == "" {
				continue
			}
			headings := matches(`(?m)^(#+ .*)$`, read(t, target))
			if !slices.ContainsFunc(headings, func(h string) bool { return anchor(h) == section }) {
				t.Errorf("%s: link %s: no such heading", page, link)
			}
		}
	}
}

func TestTargetsAndFilesExist(t *testing.T) {
	makefile := read(t, "Makefile")
	folders := `(?:cmd|config|docs|engine|operator-package|test)`
	for _, page := range pages(t) {
		text := read(t, page)
		for _, block := range matches(`(?s)(`+"```"+`.*?`+"```|`[^`\n]+`"+`)`, text) {
			for _, call := range matches(`\bmake ((?:[a-z0-9-]+ ?)+)`, block) {
				for _, target := range strings.Fields(call) {
					if !regexp.MustCompile(`(?m)^` + target + `:.*## `).MatchString(makefile) {
						t.Errorf("%s: make has no target %s", page, target)
					}
				}
			}
			for _, path := range matches(`(?:^|[\s`+"`"+`/])(`+folders+`/[A-Za-z0-9_./-]*[A-Za-z0-9_])`, block) {
				if _, err := os.Stat(filepath.Join(top, path)); err != nil && !strings.Contains(path, "...") {
					t.Errorf("%s: %v", page, err)
				}
			}
		}
	}
}

// reasons are the words that the engine's code puts into conditions, steps and events.
func reasons(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, folder := range []string{"plan", "task", "apply", "health", "controller"} {
		files, err := filepath.Glob(filepath.Join(top, "engine", folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files in %s, %v", len(files), folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text := read(t, file[len(top)+1:])
			for _, pattern := range []string{
				`[rR]eason\w* *(?::=|=|:) *"([A-Z]\w+)"`,
				`\b(?:terminal|transient|waiting)\("([A-Z]\w+)"`,
				`\b(?:progressing|failed)\(\w+, "([A-Z]\w+)"`,
				`trouble\{"([A-Z]\w+)"`,
				`event\(event\w+, "([A-Z]\w+)"`,
				`return "([A-Z][a-z]\w+)"\n`,
				`orElse\(text\(c, "reason"\), "([A-Z]\w+)"`,
			} {
				out = append(out, matches(pattern, text)...)
			}
		}
	}
	out = append(out, matches(`reason: ([A-Z]\w+)`, read(t, "operator-package/dittofs/kind.yaml"))...)
	slices.Sort(out)
	return slices.Compact(out)
}

func TestReasonsAreDocumented(t *testing.T) {
	page := read(t, "docs/operations.md")
	_, tables, _ := strings.Cut(page, "\n## Events\n")
	documented := matches("`([A-Z][A-Za-z]+)`", tables)
	conditions := []string{"Ready", "Reconciling", "Stalled", "ImagePullBackOff", "CreateContainerConfigError", "Evicted"}
	inCode := reasons(t)
	if len(inCode) < 60 {
		t.Fatalf("only %d reasons found in the code: %v", len(inCode), inCode)
	}
	for _, r := range inCode {
		if !slices.Contains(documented, r) {
			t.Errorf("docs/operations.md does not say what %s is", r)
		}
	}
	for _, r := range documented {
		if !slices.Contains(inCode, r) && !slices.Contains(conditions, r) {
			t.Errorf("docs/operations.md explains %s, which the code does not know", r)
		}
	}
}

func TestRightsAreExplained(t *testing.T) {
	page := read(t, "docs/install.md")
	var role rbacv1.ClusterRole
	if err := yaml.UnmarshalStrict([]byte(read(t, "config/rbac/role.yaml")), &role); err != nil {
		t.Fatal(err)
	}
	for _, rule := range role.Rules {
		for _, resource := range rule.Resources {
			if !strings.Contains(page, "`"+resource+"`") {
				t.Errorf("docs/install.md does not say why the operator may %v %s", rule.Verbs, resource)
			}
		}
	}
}

func TestTaskKindsAndPoliciesAreExplained(t *testing.T) {
	page := read(t, "docs/package-format.md")
	for _, word := range matches(`= "([A-Za-z-]+)"`, read(t, "engine/api/task.go")) {
		if !strings.Contains(page, "`"+word+"`") {
			t.Errorf("docs/package-format.md does not say what %s is", word)
		}
	}
}

// The tutorial's files are written and its commands that need no cluster are carried out.
func TestTutorialWorks(t *testing.T) {
	dir := t.TempDir()
	text := read(t, "docs/tutorial.md")
	files := regexp.MustCompile("(?s)`(lamps/[a-z./]+)`:\n\n```yaml\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(files) != 8 {
		t.Fatalf("%d files in the tutorial", len(files))
	}
	for _, f := range files {
		path := filepath.Join(dir, f[1])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f[2]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	plugin := filepath.Join(dir, "kubectl-plan")
	if out, err := exec.Command("go", "build", "-o", plugin, "../cmd/kubectl-plan").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	commands := matches(`(?m)^kubectl plan (package (?:verify|test|crds|rbac) lamps[^|\n]*)`, text)
	commands = append(commands, "package rbac lamps", "package test lamps")
	if len(commands) != 6 {
		t.Fatalf("commands of the tutorial: %q", commands)
	}
	slices.SortStableFunc(commands, func(a, b string) int { return strings.Count(b, "--update") - strings.Count(a, "--update") })
	for _, c := range commands {
		cmd := exec.Command(plugin, strings.Fields(c)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil || strings.Contains(string(out), "warning") {
			t.Errorf("kubectl plan %s: %v\n%s", c, err, out)
		}
	}
}
