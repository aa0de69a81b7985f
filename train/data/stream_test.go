package data

import "testing"

// The first numbers of SplitMix64 from state 0, as its authors' C program gives them, and
// the beginnings of samples' streams, on which the bits of runs depend.
func TestStreamIsSplitMix64(t *testing.T) {
	var s stream
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		if got := s.next(); got != want {
			t.Errorf("number %d is %#x, want %#x", i, got, want)
		}
	}
	for _, tt := range []struct {
		seed          uint64
		epoch, sample int
		want          stream
	}{
		{0, 0, 0, 0x7f7733a40d3cfe93}, {1, 0, 0, 0x3ec44cbc76230ea8}, {1, 1, 0, 0x97d14247eead4794}, {1, 0, 1, 0x1f4a6571cba7c91c},
	} {
		if got := streamOf(tt.seed, tt.epoch, tt.sample); got != tt.want {
			t.Errorf("seed %d, epoch %d, sample %d begin at %#x, want %#x", tt.seed, tt.epoch, tt.sample, got, tt.want)
		}
	}
}

func TestStreamDrawsInItsRanges(t *testing.T) {
	s := stream(5)
	var seen [3]int
	for range 3000 {
		seen[s.below(3)]++
		if f := s.fraction(); f < 0 || f >= 1 {
			t.Fatalf("fraction %v", f)
		}
	}
	for k, n := range seen {
		if n < 900 || n > 1100 {
			t.Errorf("%d of 3000 draws below 3 are %d", n, k)
		}
	}
}
