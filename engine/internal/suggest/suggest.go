package suggest

import (
	"fmt"
	"strings"
)

// Closest returns the word of from that is nearest to word by edit distance, or "" when none is
// near enough to be what was meant. Case does not count; of equally near words the first wins.
func Closest(word string, from []string) string {
	best, least := "", allowance(word)+1
	for _, candidate := range from {
		d := distance(strings.ToLower(word), strings.ToLower(candidate))
		if d < least && candidate != word {
			best, least = candidate, d
		}
	}
	return best
}

// Hint returns a question that names the closest word, such as `did you mean "serial"?`, or "".
func Hint(word string, from []string) string {
	closest := Closest(word, from)
	if closest == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", closest)
}

// allowance is the greatest distance at which a word still counts as a slip of the pen.
func allowance(word string) int { return max(1, len([]rune(word))/3) }

// distance counts the insertions, deletions, replacements and swaps of neighbours between a and b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, above, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(y)]
}
