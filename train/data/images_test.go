package data

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestNewImagesRefusesWhatDoesNotFit(t *testing.T) {
	for _, tt := range []struct {
		name   string
		shape  nn.Shape
		pixels int
		labels []int
		want   string
	}{
		{"no axes", nil, 4, []int{0}, "need (C, H, W)"},
		{"two axes", nn.Shape{2, 2}, 4, []int{0}, "need (C, H, W)"},
		{"an empty axis", nn.Shape{1, 0, 2}, 0, []int{0}, "need (C, H, W)"},
		{"a negative axis", nn.Shape{1, -2, -2}, 4, []int{0}, "need (C, H, W)"},
		{"a shape beyond memory", nn.Shape{math.MaxInt / 2, math.MaxInt / 2, math.MaxInt / 2}, 4, []int{0}, "need (C, H, W)"},
		{"no pictures", nn.Shape{1, 2, 2}, 0, nil, "no labels"},
		{"a pixel short", nn.Shape{1, 2, 2}, 7, []int{0, 1}, "7 pixels for 2 labels"},
		{"a picture short", nn.Shape{1, 2, 2}, 4, []int{0, 1}, "4 pixels for 2 labels"},
		{"a picture too many", nn.Shape{1, 2, 2}, 8, []int{0}, "8 pixels for 1 labels"},
		{"a label too large", nn.Shape{1, 2, 2}, 8, []int{0, 2}, "label 2 of picture 1"},
		{"a negative label", nn.Shape{1, 2, 2}, 4, []int{-1}, "label -1 of picture 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			img, err := NewImages(tt.shape, make([]byte, tt.pixels), tt.labels, 2)
			if img != nil {
				t.Error("a set beside an error")
			}
			wantError(t, err, tt.want)
		})
	}
}

func TestImagesReadAsPixelOver255(t *testing.T) {
	img := testImages(t, 5, nn.Shape{2, 8, 16}) // 256 pixels: every byte value
	for i := range img.Len() {
		for j, got := range read(img, i) {
			if want := float32(img.Pixels(i)[j]) / 255; got != want {
				t.Fatalf("element %d of picture %d is %v, want %v", j, i, got, want)
			}
		}
	}
}

// Every kind of set fills the lanes it was asked for, in any order and with
// repeats, and clears the others.
func TestFillWritesItsLanesAndClearsTheRest(t *testing.T) {
	img := testImages(t, 9, nn.Shape{1, 3, 5})
	train, val, err := Split(Inverted(img), 0.5, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]nn.Samples{
		"Images": img, "Inverted": Inverted(img), "Limit": Limit(Inverted(img), 9), "Split train": train, "Split val": val,
		"Normalize": must(Normalize(Inverted(img), Norm{Mean: []float64{0.5}}))(t),
	} {
		t.Run(name, func(t *testing.T) {
			for _, idx := range [][]int{nil, {3}, {7, 0, 7}, {0, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1, 0}} {
				b := nn.NewBlock(s.Shape())
				for i := range b.Data {
					b.Data[i] = 99
				}
				s.Fill(b, idx)
				lane := make([]float32, s.Shape().Size())
				for l := range nn.Lanes {
					b.Sample(l, lane)
					want := make([]float32, len(lane))
					if l < len(idx) {
						want = read(s, idx[l])
						alone := make([]float32, len(lane))
						if err := nn.ReadSample(alone, s, idx[l]); err != nil || !slices.Equal(alone, want) {
							t.Fatalf("sample %d alone is %v, want %v (%v)", idx[l], alone, want, err)
						}
					}
					if !slices.Equal(lane, want) {
						t.Fatalf("samples %v: lane %d is %v, want %v", idx, l, lane, want)
					}
				}
			}
		})
	}
}

func TestFillDoesNotAllocate(t *testing.T) {
	img := testImages(t, 40, nn.Shape{1, 4, 4})
	s := must(Normalize(Limit(Limit(Inverted(img), 60), 40), Norm{}))(t)
	b, idx := nn.NewBlock(s.Shape()), []int{5, 4, 39, 2}
	if n := testing.AllocsPerRun(100, func() { s.Fill(b, idx) }); n >= 1 {
		t.Errorf("%v allocations a Fill, want 0", n)
	}
}

func TestSHA256DependsOnAllThatANetworkSees(t *testing.T) {
	make1 := func(shape nn.Shape, pixel byte, label, classes int) string {
		return must(NewImages(shape, []byte{0, pixel, 0, 0}, []int{label}, classes))(t).SHA256()
	}
	base := make1(nn.Shape{1, 2, 2}, 7, 0, 2)
	if again := make1(nn.Shape{1, 2, 2}, 7, 0, 2); again != base {
		t.Error("equal sets have different checksums")
	}
	for name, sum := range map[string]string{
		"shape": make1(nn.Shape{1, 1, 4}, 7, 0, 2), "pixel": make1(nn.Shape{1, 2, 2}, 8, 0, 2),
		"label": make1(nn.Shape{1, 2, 2}, 7, 1, 2), "classes": make1(nn.Shape{1, 2, 2}, 7, 0, 3),
	} {
		if sum == base {
			t.Errorf("another %s gives the same checksum", name)
		}
	}
}

func TestInvertedIsEachPictureThenEachInverse(t *testing.T) {
	img := testImages(t, 4, nn.Shape{1, 16, 16})
	d := Inverted(img)
	if d.Len() != 8 || d.Classes() != 3 {
		t.Fatalf("%d samples of %d classes, want 8 of 3", d.Len(), d.Classes())
	}
	for i := range 4 {
		if d.Label(i) != img.Label(i) || d.Label(i+4) != img.Label(i) {
			t.Errorf("picture %d has labels %d and %d, want %d", i, d.Label(i), d.Label(i+4), img.Label(i))
		}
		digit, inverse := read(d, i), read(d, i+4)
		for j, p := range img.Pixels(i) {
			if digit[j] != float32(p)/255 || inverse[j] != float32(255-p)/255 {
				t.Fatalf("pixel %d reads %v and %v", p, digit[j], inverse[j])
			}
		}
	}
}

func ExampleInverted() {
	img, err := NewImages(nn.Shape{1, 1, 3}, []byte{0, 51, 255}, []int{0}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := Inverted(img)
	b, v := nn.NewBlock(d.Shape()), make([]float32, 3)
	d.Fill(b, []int{0, 1})
	for lane := range d.Len() {
		b.Sample(lane, v)
		fmt.Println(v)
	}
	// Output:
	// [0 0.2 1]
	// [1 0.8 0]
}
