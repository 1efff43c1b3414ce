package build

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/shell"
)

// goFlags make every binary static and the same on every machine.
const goFlags = "-trimpath -buildvcs=false -mod=readonly"

// A compile says how one binary is made from a Go module of this repository.
type compile struct {
	name      string // of the artefact
	module    string // folder with the go.mod
	pkg       string // package to build, relative to the module or an import path
	toolchain string // GOTOOLCHAIN; "local" unless the code needs another one
	ldflags   string
	binary    string // file name of the result
}

// decides lists what, besides the sources, decides what the compiler makes.
func (b compile) decides() []string {
	version := b.toolchain
	if version == "local" {
		version = runtime.Version()
	}
	return []string{version, runtime.GOOS, runtime.GOARCH, goFlags, b.ldflags, b.pkg, b.binary}
}

// build compiles into dir, saying every 20 s how far it is.
func (b compile) build(ctx context.Context, dir string, log func(string, ...any)) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-v", "-ldflags", "-s -w "+b.ldflags, "-o", dir+"/"+b.binary, b.pkg)
	cmd.Dir = b.module
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS="+goFlags, "GOTOOLCHAIN="+b.toolchain)
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	tail := make(chan string, 1)
	go func() { tail <- follow(reader, b.name, log) }()
	err := cmd.Run()
	writer.Close()
	if printed := <-tail; err != nil {
		return shell.Explain(cmd, err, printed)
	}
	return nil
}

// follow counts the packages that "go build -v" names on r and returns all
// other lines.
func follow(r io.Reader, name string, log func(string, ...any)) string {
	var other []string
	start, told, packages := time.Now(), time.Now(), 0
	for lines := bufio.NewScanner(r); lines.Scan(); {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "go: downloading "):
		case strings.ContainsAny(line, " \t"):
			other = append(other, line)
		default:
			packages++
		}
		if time.Since(told) > 20*time.Second {
			log("%s: %d packages compiled in %.0f s", name, packages, time.Since(start).Seconds())
			told = time.Now()
		}
	}
	return strings.Join(other, "\n")
}
