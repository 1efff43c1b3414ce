package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/dittofs/dittofs-operator/test/internal/command"
)

// A namespace is where a command looks for its objects.
type namespace string

// kubectl runs kubectl in the namespace and returns what it prints.
func (n namespace) kubectl(ctx context.Context, args ...string) (string, error) {
	return command.Output(ctx, "kubectl", append([]string{"-n", string(n)}, args...)...)
}

func (n namespace) apply(ctx context.Context, file string) error {
	document, err := filled(file)
	if err != nil {
		return err
	}
	return n.feed(ctx, document, "apply", "-f", "-")
}

// diff fails and prints what another apply of the file would change.
func (n namespace) diff(ctx context.Context, file string) error {
	document, err := filled(file)
	if err != nil {
		return err
	}
	return n.feed(ctx, document, "diff", "-f", "-")
}

// feed runs kubectl with a document as its input, and its output shown.
func (n namespace) feed(ctx context.Context, document string, args ...string) error {
	cmd := command.New(ctx, "kubectl", append([]string{"-n", string(n)}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(document), os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("kubectl %s: %w", args[0], err)
	}
	return nil
}

// filled reads a file and fills in ${VARIABLES}; one that is not set is an error.
func filled(file string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var missing []string
	document := os.Expand(string(content), func(name string) string {
		value, ok := os.LookupEnv(name)
		if !ok {
			missing = append(missing, name)
		}
		return value
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("%s uses %s, which the environment has not", file, strings.Join(missing, ", "))
	}
	return document, nil
}
