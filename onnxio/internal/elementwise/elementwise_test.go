package elementwise

import (
	"slices"
	"testing"
)

func TestIndex(t *testing.T) {
	for _, c := range []struct{ shape, dims, want []int }{
		{[]int{2, 1}, []int{2, 3}, []int{0, 0, 0, 1, 1, 1}},
		{[]int{3}, []int{2, 3}, []int{0, 1, 2, 0, 1, 2}},
		{[]int{1, 2, 3}, []int{2, 3}, []int{0, 1, 2, 3, 4, 5}},
		{[]int{2, 1, 2}, []int{2, 2, 2}, []int{0, 1, 0, 1, 2, 3, 2, 3}},
		{[]int{1, 1}, []int{2, 3}, nil},
	} {
		if got := Index(c.shape, c.dims); !slices.Equal(got, c.want) {
			t.Errorf("%v in %v: %v, want %v", c.shape, c.dims, got, c.want)
		}
	}
}
