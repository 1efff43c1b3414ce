package build

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const moduleLine = "module github.com/dittofs/dittofs-operator\n"

// FindRepository returns the folder of the operator's repository that dir is in.
func FindRepository(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		mod, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), moduleLine) {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", errors.New("run this inside the dittofs-operator repository: its sources are needed")
		}
	}
}

var release = regexp.MustCompile(`(?m)^\s*k8s\.io/kubernetes (v1\.(\d+)\.\S+)`)

// versionFlags returns the linker flags that tell the binaries their version,
// taken from the go.mod that pins it.
func versionFlags(goMod string) (string, error) {
	m := release.FindStringSubmatch(goMod)
	if m == nil {
		return "", errors.New("go.mod requires no k8s.io/kubernetes")
	}
	var flags []string
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		flags = append(flags, fmt.Sprintf("-X %[1]s.gitVersion=%[2]s -X %[1]s.gitMajor=1 -X %[1]s.gitMinor=%[3]s "+
			"-X %[1]s.gitCommit=unknown -X %[1]s.gitTreeState=clean -X %[1]s.buildDate=1970-01-01T00:00:00Z", pkg, m[1], m[2]))
	}
	return strings.Join(flags, " "), nil
}
