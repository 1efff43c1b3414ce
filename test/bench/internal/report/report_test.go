package report

import (
	"bytes"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func section() *Section {
	s := &Section{}
	s.Ratio(Value("M1", "a ratio", 1.04999, "").AtMost(1.1), Value("M2", "writes", 3, "writes").AtMost(2).With("of %d", 9))
	s.Time(Value("M3", "rate", 60, "/s").AtLeastOf(50))
	return s
}

func TestAims(t *testing.T) {
	s := section()
	if got := Missed(append(s.Ratios, s.Times...)); !reflect.DeepEqual(got, []string{"M2 writes"}) {
		t.Errorf("missed: %v", got)
	}
	if got := Missed([]Row{Value("M", "slow", 49, "/s").AtLeastOf(50), Value("M", "no aim", 1, "")}); !reflect.DeepEqual(got, []string{"M slow"}) {
		t.Errorf("missed: %v", got)
	}
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	if err := section().Table(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"M1  a ratio  1.05      <= 1.1       ok",
		"M2  writes   3 writes  <= 2 writes  MISSED  of 9",
		"M3  rate     60 /s     >= 50 /s     ok",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in\n%s", want, out.String())
		}
	}
}

// A run replaces its own section and keeps the other one.
func TestSectionsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench", "results.json")
	first, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	first.Cluster = section()
	if err := first.Write(path); err != nil {
		t.Fatal(err)
	}
	second, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	second.Envtest = &Section{Machine: ThisMachine()}
	if err := second.Write(path); err != nil {
		t.Fatal(err)
	}
	third, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(third.Cluster, first.Cluster) || third.Envtest.Machine.Cores == 0 {
		t.Errorf("got %+v", third)
	}
}

func TestUnreadableResultsAreNotOverwritten(t *testing.T) {
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("want an error")
	}
}
