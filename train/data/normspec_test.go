package data

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestNormIsSpelledInOneWay(t *testing.T) {
	for spec, want := range map[string]string{
		"0.1307:0.3081":                       "0.1307:0.3081",
		"0.485,0.456,0.406:0.229,0.224,0.225": "0.485,0.456,0.406:0.229,0.224,0.225",
		"00.50:1e-1":                          "0.5:0.1",
		"0:1:1":                               "0:1:1",
		"127.5:127.50:1":                      "127.5:127.5:1",
	} {
		n := must(ParseNorm(spec))(t)
		if n.String() != want {
			t.Errorf("%q is spelled %q, want %q", spec, n, want)
		}
		if again := must(ParseNorm(n.String()))(t); again.String() != want {
			t.Errorf("%q read back is %q", want, again)
		}
	}
	if got := (Norm{}).String(); got != "0:1" {
		t.Errorf("no normalisation is spelled %q", got)
	}
	for spec, want := range map[string]string{
		"":          "need MEAN:STD",
		"0.5":       `"0.5": need MEAN:STD`,
		"1:2:3:4":   "need MEAN:STD",
		"a:1":       `mean: "a" is not a number`,
		"1:1,,1":    `std: "" is not a number`,
		"1:1:":      `scale: "" is not a number other than 0`,
		"0.5:0.5:0": `scale: "0"`,
	} {
		_, err := ParseNorm(spec)
		wantError(t, err, want)
	}
}

// NormOf gives every channel mean 0 and deviation 1, and a channel of one value 0. Its
// spelling is exact.
func TestNormOfNormalises(t *testing.T) {
	img := testImages(t, 50, nn.Shape{3, 6, 7})
	for i := range img.Len() { // channel 1 is 77 everywhere
		for j := range 42 {
			img.Pixels(i)[42+j] = 77
		}
	}
	n := must(NormOf(img))(t)
	mean, std, err := Moments(must(Normalize(img, n))(t))
	if err != nil {
		t.Fatal(err)
	}
	for c, wantStd := range []float64{1, 0, 1} {
		if math.Abs(mean[c]) > 1e-6 || math.Abs(std[c]-wantStd) > 1e-6 {
			t.Errorf("channel %d: mean %v, deviation %v", c, mean[c], std[c])
		}
	}
	again := must(ParseNorm(n.String()))(t)
	if !slices.Equal(again.Mean, n.Mean) || !slices.Equal(again.Std, n.Std) || n.Std[1] != 1 {
		t.Errorf("%+v read back as %+v", n, again)
	}
}
