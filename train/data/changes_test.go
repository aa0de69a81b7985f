package data

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// counted is a picture of two channels with the numbers 1, 2, 3, …
func counted(height, width int) picture {
	p := picture{v: make([]float32, 2*height*width), height: height, width: width}
	for i := range p.v {
		p.v[i] = float32(i + 1)
	}
	return p
}

func TestMoveFillsWithZeros(t *testing.T) {
	for dy := -2; dy <= 2; dy++ {
		for dx := -3; dx <= 3; dx++ {
			p, from := counted(3, 4), counted(3, 4)
			p.move(dy, dx)
			for i, got := range p.v {
				c, y, x := i/12, i/4%3-dy, i%4-dx
				var want float32
				if y >= 0 && y < 3 && x >= 0 && x < 4 {
					want = from.v[c*12+y*4+x]
				}
				if got != want {
					t.Fatalf("by (%d, %d): element %d is %v, want %v", dy, dx, i, got, want)
				}
			}
		}
	}
}

func TestFlipSwapsLeftAndRight(t *testing.T) {
	p := counted(2, 3)
	flip(1)(p, stream(1))
	if want := []float32{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10}; !slices.Equal(p.v, want) {
		t.Errorf("%v, want %v", p.v, want)
	}
}

func TestInvertIsOneMinusX(t *testing.T) {
	p := picture{v: []float32{0, 0.25, 1, -1}, height: 2, width: 2}
	invert(1)(p, stream(1))
	if want := []float32{1, 0.75, 0, 2}; !slices.Equal(p.v, want) {
		t.Errorf("%v, want %v", p.v, want)
	}
}

// dotted is n pictures of 9 × 9 with one white pixel in the middle row, left of the
// middle.
func dotted(t *testing.T, n int) *Images {
	pixels := make([]byte, n*81)
	for i := range n {
		pixels[i*81+4*9+3] = 255
	}
	return must(NewImages(nn.Shape{1, 9, 9}, pixels, make([]int, n), 1))(t)
}

// augmented is all samples of a set after some changes.
func augmented(t *testing.T, s nn.Samples, list string, seed uint64) [][]float32 {
	t.Helper()
	v := must(Augment(s, must(ParseAugmentation(list))(t), seed))(t)
	all := make([][]float32, v.Len())
	for i := range all {
		all[i] = read(v, i)
	}
	return all
}

// Every one of the 25 places is as likely as the others: χ² with 24 degrees of freedom
// is below 52 in 999 of 1000 draws.
func TestShiftDrawsEvenly(t *testing.T) {
	const n = 20_000
	for _, list := range []string{"shift:2", "crop:2"} {
		places := map[int]int{}
		for _, v := range augmented(t, dotted(t, n), list, 3) {
			places[slices.Index(v, 1)]++
		}
		chi := 0.0
		for dy := -2; dy <= 2; dy++ {
			for dx := -2; dx <= 2; dx++ {
				d := float64(places[(4+dy)*9+3+dx]) - n/25.
				chi += d * d / (n / 25.)
			}
		}
		if len(places) != 25 || chi > 52 {
			t.Errorf("%s: %d places, χ² %.1f", list, len(places), chi)
		}
	}
}

// The number of changed pictures is within four deviations of its mean.
func TestFlipAndInvertHappenAsOftenAsAsked(t *testing.T) {
	const n = 20_000
	for _, tt := range []struct {
		list    string
		p       float64
		changed func(v []float32) bool
	}{
		{"flip", 0.5, func(v []float32) bool { return v[4*9+5] == 1 }},
		{"flip:0.1", 0.1, func(v []float32) bool { return v[4*9+5] == 1 }},
		{"invert", 0.5, func(v []float32) bool { return v[0] == 1 }},
		{"invert:1", 1, func(v []float32) bool { return v[0] == 1 && v[4*9+3] == 0 }},
	} {
		count := 0
		for _, v := range augmented(t, dotted(t, n), tt.list, 4) {
			if tt.changed(v) {
				count++
			}
		}
		if got, most := float64(count)-n*tt.p, 4*math.Sqrt(n*tt.p*(1-tt.p)); math.Abs(got) > most {
			t.Errorf("%s: %d of %d changed", tt.list, count, n)
		}
	}
}

func TestNoiseHasItsDeviationAndIsNotCutOff(t *testing.T) {
	const n = 2000
	var sum, squares, below float64
	for _, v := range augmented(t, dotted(t, n), "noise:0.25", 5) {
		for i, x := range v {
			if i == 4*9+3 {
				x--
			}
			sum += float64(x)
			squares += float64(x) * float64(x)
			if x < 0 {
				below++
			}
		}
	}
	const pixels = n * 81
	mean, std := sum/pixels, math.Sqrt(squares/pixels)
	if math.Abs(mean) > 4*0.25/math.Sqrt(pixels) || math.Abs(std-0.25) > 4*0.25/math.Sqrt(2*pixels) {
		t.Errorf("mean %v, deviation %v", mean, std)
	}
	if share := below / pixels; math.Abs(share-0.5) > 0.005 {
		t.Errorf("%v of the noise is below 0", share)
	}
}
