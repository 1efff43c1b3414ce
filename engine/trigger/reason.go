package trigger

import (
	"fmt"
	"slices"
)

// reason says in a few words why a plan was asked for: what happened, and which paths changed.
func reason(event string, paths []string) string {
	slices.Sort(paths)
	var text string
	switch len(paths) {
	case 0:
		return event
	case 1:
		text = fmt.Sprintf("spec.%s changed", paths[0])
	case 2:
		text = fmt.Sprintf("spec.%s and spec.%s changed", paths[0], paths[1])
	default:
		text = fmt.Sprintf("spec.%s and %d more changed", paths[0], len(paths)-1)
	}
	if event != "" {
		text = event + ", " + text
	}
	return text
}
