package ir

import (
	"slices"
	"testing"
)

func TestPermutedIndex(t *testing.T) {
	if got, want := PermutedIndex([]int{2, 3}, []int{1, 0}), []int{0, 3, 1, 4, 2, 5}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := PermutedIndex([]int{2, 0, 3}, []int{2, 0, 1}); len(got) != 0 {
		t.Errorf("%v, want none", got)
	}
}
