package volumes

import (
	"bufio"
	"io"
	"os"
	"strings"
)

// MountsBelow lists the mount points at or below dir in this process's mount
// namespace, the innermost (latest) first.
func MountsBelow(dir string) ([]string, error) {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return mountsBelow(file, dir), nil
}

func mountsBelow(mountinfo io.Reader, dir string) []string {
	var points []string
	for lines := bufio.NewScanner(mountinfo); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 5 {
			continue
		}
		point := strings.ReplaceAll(fields[4], `\040`, " ")
		if point == dir || strings.HasPrefix(point, dir+"/") {
			points = append([]string{point}, points...)
		}
	}
	return points
}
