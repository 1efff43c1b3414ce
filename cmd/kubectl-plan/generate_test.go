package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

// What the repository holds is what the commands write; "make generate" brings it up to date.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	for _, c := range []struct{ verb, folder string }{{"crds", "config/crd"}, {"rbac", "config/rbac"}, {"docs", "docs/reference"}} {
		dir := t.TempDir()
		mustRun(t, "package", c.verb, dittofs, "-o", dir)
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s writes %d files, %v", c.verb, len(files), err)
		}
		for _, file := range files {
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(top, c.folder, filepath.Base(file)), got)
		}
	}
}

func TestFormatIsUpToDate(t *testing.T) {
	golden(t, top+"docs/reference/package-format.md", []byte(mustRun(t, "package", "format")))
}

func TestOutputMayBeAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "lamp.yaml")
	mustRun(t, "package", "rbac", lamp, "-o", file)
	data, err := os.ReadFile(file)
	if err != nil || string(data) != mustRun(t, "package", "rbac", lamp) {
		t.Errorf("%v\n%s", err, data)
	}
}

// The role must grant nothing by pattern, no list of Secrets, and nothing about rights themselves.
func TestRoleIsNarrow(t *testing.T) {
	for _, dir := range []string{dittofs, lamp} {
		var role rbacv1.ClusterRole
		if err := yaml.UnmarshalStrict([]byte(mustRun(t, "package", "rbac", dir)), &role); err != nil {
			t.Fatal(err)
		}
		for _, rule := range role.Rules {
			all := slices.Concat(rule.APIGroups, rule.Resources, rule.Verbs)
			if slices.Contains(all, "*") || slices.Contains(rule.Verbs, "deletecollection") || slices.Contains(rule.APIGroups, rbacv1.GroupName) {
				t.Errorf("too wide: %v", rule)
			}
			if slices.Contains(rule.Resources, "secrets") && (slices.Contains(rule.Verbs, "list") || slices.Contains(rule.Verbs, "watch")) {
				t.Errorf("Secrets can be listed: %v", rule)
			}
			if slices.Contains(rule.Resources, "pods") && slices.Contains(rule.Verbs, "create") {
				t.Errorf("Pods can be made: %v", rule)
			}
		}
	}
}
