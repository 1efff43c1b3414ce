package stats

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPercentile(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(100 - i)
	}
	for _, c := range []struct {
		values  []float64
		p, want float64
	}{
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred, 99.5, 100},
		{hundred, 0, 1},
		{hundred, 100, 100},
		{[]float64{7}, 99, 7},
		{[]float64{2, 1}, 50, 1},
		{[]float64{2, 1}, 51, 2},
	} {
		if got := Percentile(c.values, c.p); got != c.want {
			t.Errorf("p%v of %d values: %v, want %v", c.p, len(c.values), got, c.want)
		}
	}
	if hundred[0] != 100 {
		t.Error("the values were sorted in place")
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3},
		{[]float64{9, 1, 5}, 5},
		{[]float64{9, 1, 5, 2}, 3.5},
	} {
		if got := Median(c.values); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.values, got, c.want)
		}
	}
}

func TestNothingHasNoMiddle(t *testing.T) {
	if !math.IsNaN(Median(nil)) || !math.IsNaN(Percentile(nil, 50)) {
		t.Error("want NaN of no values")
	}
}

// At least p percent of the values are no greater than the percentile, and it is one of them.
func TestPercentileIsOneOfTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 50).Draw(t, "values")
		p := rapid.Float64Range(0, 100).Draw(t, "p")
		got := Percentile(values, p)
		below := 0
		for _, v := range values {
			if v <= got {
				below++
			}
		}
		if !slices.Contains(values, got) || float64(below) < p/100*float64(len(values)) {
			t.Fatalf("p%v is %v, with %d of %d values up to it", p, got, below, len(values))
		}
	})
}

func TestMilliseconds(t *testing.T) {
	got := Milliseconds([]time.Duration{1500 * time.Microsecond, time.Second})
	if !slices.Equal(got, []float64{1.5, 1000}) {
		t.Errorf("got %v", got)
	}
}

func TestRound(t *testing.T) {
	if got := Round(1.0951, 2); got != 1.1 {
		t.Errorf("got %v, want 1.1", got)
	}
}
