package bytesize

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var pattern = regexp.MustCompile(`^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$`)

var units = map[string]float64{
	"": 1, "B": 1,
	"K": 1 << 10, "KI": 1 << 10, "KIB": 1 << 10, "KB": 1e3,
	"M": 1 << 20, "MI": 1 << 20, "MIB": 1 << 20, "MB": 1e6,
	"G": 1 << 30, "GI": 1 << 30, "GIB": 1 << 30, "GB": 1e9,
	"T": 1 << 40, "TI": 1 << 40, "TIB": 1 << 40, "TB": 1e12,
}

// Parse reads a size such as "512MiB", "1.5 GB" or "1073741824".
func Parse(s string) (int64, error) {
	m := pattern.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, fmt.Errorf("invalid byte size format: %q", s)
	}
	unit, ok := units[strings.ToUpper(m[2])]
	n, err := strconv.ParseFloat(m[1], 64)
	if !ok || err != nil || n*unit > math.MaxInt64 {
		return 0, fmt.Errorf("invalid byte size format: %q", s)
	}
	return int64(n * unit), nil
}

// Format prints a size with two decimals and a binary unit; 0 is "".
func Format(n int64) string {
	if n == 0 {
		return ""
	}
	f := float64(n)
	for _, u := range []struct {
		name string
		size float64
	}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if f >= u.size {
			return fmt.Sprintf("%.2f%s", f/u.size, u.name)
		}
	}
	return fmt.Sprintf("%dB", n)
}
