package shapeinfer

import (
	"math"
	"testing"
)

func TestSliced(t *testing.T) {
	for _, c := range []struct {
		n                int
		start, end, step int64
		want             int
	}{
		{5, 0, 5, 1, 5}, {5, 1, 4, 1, 3}, {5, 0, 5, 2, 3}, {5, -2, 5, 1, 2}, {5, 3, 1, 1, 0}, {5, 0, math.MaxInt64, math.MaxInt64, 1},
		{5, -1, math.MinInt64, -1, 5}, {5, 4, 0, -1, 4}, {5, 4, 0, -2, 2}, {5, 9, -9, -1, 5}, {5, 0, 5, -1, 0}, {5, 2, math.MinInt64, math.MinInt64, 1},
		{0, 0, 5, 1, 0}, {0, -1, -9, -1, 0}, {5, 0, 5, 0, -1},
	} {
		if got := sliced(c.n, c.start, c.end, c.step); got != c.want {
			t.Errorf("%d elements from %d to %d by %d: %d, want %d", c.n, c.start, c.end, c.step, got, c.want)
		}
	}
}
