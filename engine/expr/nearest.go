package expr

import "slices"

// nearest returns the known name that name is most likely a slip of, or "".
func nearest(name string, known []string) string {
	best, least := "", 3
	if len(name) < 4 {
		least = 2
	}
	known = slices.Clone(known)
	slices.Sort(known)
	for _, k := range known {
		if d := distance(name, k); d > 0 && d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two names.
func distance(a, b string) int {
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, prev[j+1]+1, prev[j]+cost)
		}
		prev = row
	}
	return prev[len(b)]
}
