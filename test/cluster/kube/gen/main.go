// Command gen writes ../go.mod for another Kubernetes release:
//
//	cd test/cluster/kube && go run ./gen v1.37.2 && go mod tidy
//
// k8s.io/kubernetes replaces its published parts (k8s.io/api, …) by folders of
// its own tree, which a module that requires it does not inherit. gen turns
// each such replace into the published version of the same release.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

const module = "github.com/dittofs/dittofs-operator/test/cluster/kube"

var (
	staged  = regexp.MustCompile(`(?m)^\t(k8s\.io/[a-z-]+) => \./staging/`)
	goLines = regexp.MustCompile(`(?m)^(go|godebug) .*$`)
)

func main() {
	if len(os.Args) != 2 || !strings.HasPrefix(os.Args[1], "v1.") {
		fmt.Fprintln(os.Stderr, "usage: gen v1.X.Y")
		os.Exit(2)
	}
	upstream, err := download(os.Args[1])
	if err == nil {
		err = os.WriteFile("go.mod", []byte(generate(os.Args[1], upstream)), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// download returns the go.mod of that release of k8s.io/kubernetes.
func download(version string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", "k8s.io/kubernetes@"+version)
	cmd.Dir = os.TempDir() // outside of any module
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("download k8s.io/kubernetes %s: %w", version, err)
	}
	var info struct{ Dir string }
	if err := json.Unmarshal(out, &info); err != nil {
		return "", fmt.Errorf("read go mod download's answer: %w", err)
	}
	mod, err := os.ReadFile(filepath.Join(info.Dir, "go.mod"))
	return string(mod), err
}

// generate returns our go.mod for a release, given the release's own go.mod.
func generate(version, upstream string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "module %s\n\n", module)
	b.WriteString(strings.Join(goLines.FindAllString(upstream, -1), "\n\n"))
	fmt.Fprintf(&b, "\n\nrequire k8s.io/kubernetes %s\n\nreplace (\n", version)
	part := "v0." + strings.TrimPrefix(version, "v1.")
	for _, m := range staged.FindAllStringSubmatch(upstream, -1) {
		fmt.Fprintf(&b, "\t%s => %s %s\n", m[1], m[1], part)
	}
	b.WriteString(")\n")
	return b.String()
}
