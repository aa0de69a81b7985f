package fuzzrand

import "testing"

func TestEachByteMakesOneChoice(t *testing.T) {
	a, b := New([]byte{0, 100, 255}), New([]byte{0, 200, 255})
	for i, want := range [][2]int{{0, 0}, {3, 7}, {9, 9}} {
		if got := [2]int{a.IntN(10), b.IntN(10)}; got != want {
			t.Errorf("choice %d is %v, want %v", i, got, want)
		}
	}
	if x, y := a.Uint64(), b.Uint64(); x != y || x == a.Uint64() {
		t.Errorf("behind the bytes: %d and %d", x, y)
	}
}
