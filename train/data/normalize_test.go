package data

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestNormalizeIsPerChannel(t *testing.T) {
	img := must(NewImages(nn.Shape{2, 1, 2}, []byte{0, 255, 51, 102}, []int{0}, 1))(t)
	for _, tt := range []struct {
		name string
		norm Norm
		want []float32
	}{
		{"nothing given: pixel/255", Norm{}, []float32{0, 1, 51. / 255, 102. / 255}},
		{"scale 1/255 said aloud", Norm{Scale: 1. / 255}, []float32{0, 1, 51. / 255, 102. / 255}},
		{"scale 1", Norm{Scale: 1}, []float32{0, 255, 51, 102}},
		{"one mean and std for all", Norm{Mean: []float64{0.5}, Std: []float64{0.5}}, []float32{-1, 1, -0.6, -0.2}},
		{"one for each channel", Norm{Scale: 1, Mean: []float64{1, 2}, Std: []float64{1, 10}}, []float32{-1, 254, 4.9, 10}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := read(must(Normalize(img, tt.norm))(t), 0)
			for i := range got {
				if math.Abs(float64(got[i]-tt.want[i])) > 1e-6*math.Abs(float64(tt.want[i])) {
					t.Fatalf("%v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestNormalizeWithoutSettingsChangesNoBit(t *testing.T) {
	img := testImages(t, 3, nn.Shape{1, 16, 16})
	for i := range img.Len() {
		if v := must(Normalize(img, Norm{}))(t); !slices.Equal(read(v, i), read(img, i)) {
			t.Errorf("picture %d differs", i)
		}
	}
}

func TestNormalizeByOneGivesWholePixels(t *testing.T) {
	img := testImages(t, 1, nn.Shape{1, 16, 16})
	for j, got := range read(must(Normalize(img, Norm{Scale: 1}))(t), 0) {
		if want := float32(img.Pixels(0)[j]); got != want {
			t.Errorf("pixel %v reads %v", want, got)
		}
	}
}

func TestNormalizeRefusesBadSettings(t *testing.T) {
	img := testImages(t, 1, nn.Shape{3, 2, 2})
	for _, tt := range []struct {
		name string
		norm Norm
		want string
	}{
		{"two means for three channels", Norm{Mean: []float64{1, 2}}, "2 values of mean for 3 channels"},
		{"std 0", Norm{Std: []float64{1, 0, 1}}, "std 0 of channel 1"},
		{"std below float32", Norm{Std: []float64{1e-60}}, "std 0 of channel 0"},
		{"negative std", Norm{Std: []float64{-1}}, "std -1 of channel 0"},
		{"NaN mean", Norm{Mean: []float64{math.NaN()}}, "mean NaN of channel 0"},
		{"infinite scale", Norm{Scale: math.Inf(1)}, "scale +Inf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Normalize(img, tt.norm)
			wantError(t, err, "normalize: ", tt.want)
		})
	}
	flat := must(nn.NewTensorSamples(nn.NewTensor(2, 4), []int{0, 1}, 2))(t)
	_, err := Normalize(flat, Norm{})
	wantError(t, err, "need (C, H, W)")
}
