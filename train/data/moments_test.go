package data

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestMomentsAreThoseOfEachChannel(t *testing.T) {
	img := must(NewImages(nn.Shape{2, 1, 2}, []byte{0, 255, 51, 102, 255, 255, 102, 153}, []int{0, 0}, 1))(t)
	mean, std, err := Moments(img)
	if err != nil {
		t.Fatal(err)
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-7 }
	if !near(mean[0], 0.75) || !near(mean[1], 0.4) || !near(std[0], math.Sqrt(3)/4) || !near(std[1], math.Sqrt(0.02)) {
		t.Errorf("mean %v, std %v", mean, std)
	}
}

// A mean far from 0 takes no digits from the deviation, and samples that do not fill a
// block count as many as they are.
func TestMomentsLoseNoDigits(t *testing.T) {
	x := nn.NewTensor(37, 1, 3, 3)
	for i := range x.Data {
		x.Data[i] = 1000 + float32(i%3) // 1000, 1001, 1002
	}
	mean, std, err := Moments(must(NewFloats(x, make([]int, 37), 1))(t))
	if err != nil || math.Abs(mean[0]-1001) > 1e-9 || math.Abs(std[0]-math.Sqrt(2./3)) > 1e-12 {
		t.Errorf("mean %v, std %v, %v", mean, std, err)
	}
	flat := must(nn.NewTensorSamples(nn.NewTensor(2, 4), []int{0, 1}, 2))(t)
	_, _, err = Moments(flat)
	wantError(t, err, "need some of (C, H, W)")
}
