package render

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// until, untilStep and seq are sprig's with a bound on the list's length.
func until(count int) ([]int, error) {
	if count < 0 {
		return untilStep(0, count, -1)
	}
	return untilStep(0, count, 1)
}

func untilStep(start, stop, step int) ([]int, error) {
	out := []int{}
	if step == 0 {
		return out, nil
	}
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		if len(out) == maxList {
			return nil, fmt.Errorf("a list of more than %d numbers is too long", maxList)
		}
		out = append(out, i)
	}
	return out, nil
}

// seq is the shell's seq: the numbers from first to last, separated by spaces.
func seq(params ...int) (string, error) {
	first, step := 1, 1
	var last int
	switch len(params) {
	case 1:
		last = params[0]
	case 2:
		first, last = params[0], params[1]
	case 3:
		first, step, last = params[0], params[1], params[2]
	default:
		return "", nil
	}
	if len(params) < 3 && last < first {
		step = -1
	}
	end := last + 1
	if step < 0 {
		end = last - 1
	}
	list, err := untilStep(first, end, step)
	if err != nil {
		return "", err
	}
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, " "), nil
}

func repeat(count int, s string) (string, error) {
	if count <= 0 || s == "" {
		return "", nil
	}
	if count > maxOutput/len(s) {
		return "", errTooLarge
	}
	return strings.Repeat(s, count), nil
}

func replace(old, with, s string) (string, error) {
	if n := strings.Count(s, old); n*len(with) > maxOutput {
		return "", errTooLarge
	}
	return strings.ReplaceAll(s, old, with), nil
}

func spaces(n int) (string, error) {
	if n < 0 || n > maxIndent {
		return "", fmt.Errorf("an indentation of %d is not between 0 and %d", n, maxIndent)
	}
	return strings.Repeat(" ", n), nil
}

// keys and values are sprig's in sorted order: a map's own order changes from run to run.
func keys(dicts ...map[string]any) []string {
	out := []string{}
	for _, d := range dicts {
		out = append(out, slices.Sorted(maps.Keys(d))...)
	}
	return out
}

func values(dict map[string]any) []any {
	out := []any{}
	for _, k := range slices.Sorted(maps.Keys(dict)) {
		out = append(out, dict[k])
	}
	return out
}
