package multicall

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Pick returns the command meant by args (the whole of os.Args) and the
// arguments to run it with, the command's own name first. A symlink named like
// a command runs that command; any other name takes it from the first argument.
// The error lists the names that are known.
func Pick(args, known []string) (name string, rest []string, err error) {
	if len(args) > 0 && slices.Contains(known, filepath.Base(args[0])) {
		name = filepath.Base(args[0])
		return name, append([]string{name}, args[1:]...), nil
	}
	if len(args) > 1 && slices.Contains(known, args[1]) {
		return args[1], args[1:], nil
	}
	return "", nil, fmt.Errorf("name one of the commands: %s", strings.Join(known, ", "))
}
