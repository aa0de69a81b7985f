package parity

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// One element of (2, 3, 4, 5) is off: its cell, its channel and the mean show it.
func TestErrorMapShowsWhere(t *testing.T) {
	want := nn.NewTensor(2, 3, 4, 5)
	want.Data[0] = 8
	got := clone(want)
	got.Data[(1*3+2)*20+3*5+1] = 2
	m := errorMapOf(got, want)
	if m.Rows != 4 || m.Cols != 5 || m.Channel != 2 || len(m.Channels) != 3 {
		t.Fatalf("%+v", m)
	}
	for k, e := range m.Worst {
		if on := k == 3*5+1; on != (e == 0.25) || !on && e != 0 {
			t.Errorf("cell %d: %v", k, e)
		}
	}
	if m.Channels[2] != 0.25 || m.Channels[0] != 0 || math.Abs(float64(m.Mean[16])-0.25/3) > 1e-7 {
		t.Errorf("channels %v, mean %v", m.Channels, m.Mean)
	}
}

// Large maps and many channels share cells, which keep the largest error.
func TestErrorMapsAreSmall(t *testing.T) {
	want := nn.NewTensor(1, 200, 130, 70)
	want.Data[0] = 1
	got := clone(want)
	got.Data[len(got.Data)-1] = float32(math.NaN())
	m := errorMapOf(got, want)
	if m.Rows != MapCells || m.Cols != MapCells || len(m.Worst) != MapCells*MapCells || len(m.Channels) != MapCells || m.Channel != 199 {
		t.Fatalf("%d×%d, %d channels, worst %d", m.Rows, m.Cols, len(m.Channels), m.Channel)
	}
	if last := m.Worst[len(m.Worst)-1]; !math.IsInf(float64(last), 1) {
		t.Errorf("NaN became %v", last)
	}
	features := errorMapOf(nn.NewTensor(3, 1000), nn.NewTensor(3, 1000))
	if features.Rows != 1 || features.Cols != MapCells || features.Channel != -1 || features.Mean != nil {
		t.Errorf("%+v", features)
	}
}

func clone(x *nn.Tensor) *nn.Tensor {
	return &nn.Tensor{Shape: x.Shape, Data: slices.Clone(x.Data)}
}

// A quantile is known to 2 %, but is never more than the largest error.
func TestQuantilesAreAtMostTheLargestError(t *testing.T) {
	for _, e := range []float32{0.901, 1, 1.9, 3e-8} {
		want := nn.NewTensor(1, 3)
		d := DistributionOf(&nn.Tensor{Shape: want.Shape, Data: []float32{e, e, e}}, want)
		if float32(d.Max) != e || d.P99 > d.Max || d.P50 > d.Max || float64(d.P50) < 0.98*float64(e) {
			t.Errorf("%v: %+v", e, d)
		}
	}
}
