package bytesize

import "testing"

func TestParseAndFormat(t *testing.T) {
	for in, want := range map[string]string{
		"1GiB": "1.00GiB", "1073741824": "1.00GiB", "1.5 GB": "1.40GiB", "64MiB": "64.00MiB", "0": "", "7": "7B",
	} {
		n, err := Parse(in)
		if err != nil || Format(n) != want {
			t.Errorf("%q: got %q, %v; want %q", in, Format(n), err, want)
		}
	}
	for _, in := range []string{"lots", "-1", "x", "", "1 parsec"} {
		if _, err := Parse(in); err == nil {
			t.Errorf("%q was accepted", in)
		}
	}
}
