package config

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// convert turns a YAML or environment value into the type of its key.
func convert(k kind, v any) (any, error) {
	text := fmt.Sprint(v)
	switch k {
	case kindString:
		return text, nil
	case kindInt:
		n, err := strconv.Atoi(text)
		return n, numError(err, "int", "strconv.ParseInt")
	case kindUint:
		n, err := strconv.ParseInt(text, 10, 64)
		return uint64(n), numError(err, "uint64", "strconv.ParseUint")
	case kindFloat:
		n, err := strconv.ParseFloat(text, 64)
		return n, numError(err, "float64", "strconv.ParseFloat")
	case kindBool:
		b, err := strconv.ParseBool(text)
		return b, numError(err, "bool", "strconv.ParseBool")
	case kindDuration:
		return duration(text)
	default:
		return v, nil
	}
}

func numError(err error, want, parser string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cannot parse value as '%s': %s: invalid syntax", want, parser)
}

// duration reads "30s"; a bare number is nanoseconds.
func duration(text string) (time.Duration, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(n), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, errors.New(err.Error())
	}
	return d, nil
}
