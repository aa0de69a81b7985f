package data

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// testdata/ref/golden_data.py wrote the files.
func golden(t *testing.T, name string) string {
	t.Helper()
	return filepath.Join("..", "..", "testdata", "golden", "data", name)
}

// whole is all samples of a set, one after the other.
func whole(s nn.Samples) (v []float32) {
	for i := range s.Len() {
		v = append(v, read(s, i)...)
	}
	return v
}

func TestNormalizeGivesPyTorchsBits(t *testing.T) {
	set := must(Open(golden(t, "pictures.npz")))(t)
	want := must(ReadNPZ(golden(t, "pytorch.npz")))(t)
	n := must(ParseNorm("0.485,0.456,0.406:0.229,0.224,0.225"))(t)
	if got := whole(must(Normalize(set.Train, n))(t)); !slices.Equal(got, want["normalized"].Float32) {
		t.Errorf("%v…, want %v…", got[:5], want["normalized"].Float32[:5])
	}
	mean, std, err := Moments(set.Train)
	if err != nil {
		t.Fatal(err)
	}
	for c := range mean {
		if m, s := want["mean"].Float64[c], want["std"].Float64[c]; math.Abs(mean[c]-m) > 1e-12 || math.Abs(std[c]-s) > 1e-12 {
			t.Errorf("channel %d: mean %v, deviation %v, want %v and %v", c, mean[c], std[c], m, s)
		}
	}
}

// Keras's Normalization layer, adapted to the pictures, is --normalize auto.
func TestNormOfIsKerasNormalization(t *testing.T) {
	set := must(Open(golden(t, "pictures.npz")))(t)
	want := must(ReadNPZ(golden(t, "keras.npz")))(t)["normalized"].Float32
	got := whole(must(Normalize(set.Train, must(NormOf(set.Train))(t)))(t))
	if len(got) != len(want) {
		t.Fatalf("%d numbers, want %d", len(got), len(want))
	}
	scale := float64(slices.Max(want))
	for i := range want {
		if d := math.Abs(float64(got[i] - want[i])); d > 1e-5+1e-5*scale {
			t.Fatalf("number %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// RandomCrop with padding reads from (top, left) of the padded picture, which moves the
// picture by (pad−top, pad−left).
func TestMoveAndFlipArePyTorchs(t *testing.T) {
	set := must(Open(golden(t, "pictures.npz")))(t)
	want := must(ReadNPZ(golden(t, "pytorch.npz")))(t)
	original := read(set.Train, 0)
	crops := want["crops"].Float32
	for top := range 5 {
		for left := range 5 {
			p := picture{v: slices.Clone(original), height: 6, width: 7}
			p.move(2-top, 2-left)
			if !slices.Equal(p.v, crops[:len(p.v)]) {
				t.Errorf("the crop at (%d, %d) differs", top, left)
			}
			crops = crops[len(p.v):]
		}
	}
	p := picture{v: slices.Clone(original), height: 6, width: 7}
	flip(1)(p, 0)
	if !slices.Equal(p.v, want["flipped"].Float32) {
		t.Error("the flipped picture differs")
	}
}
