package parity

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// faint is a network whose values are about 1e-6, and what its layers give.
func faint(t *testing.T) (*Model, *Recorded) {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{4}, layer.Dense{Out: 6}, layer.Dense{Out: 3})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	for i := range net.Param("dense1.weight").Data {
		net.Param("dense1.weight").Data[i] *= 1e-6
	}
	clear(net.Param("dense1.bias").Data)
	clear(net.Param("dense2.bias").Data)
	m, err := ModelOf(net)
	if err != nil {
		t.Fatal(err)
	}
	x := nn.NewTensor(2, 4)
	for i := range x.Data {
		x.Data[i] = float32(i) - 3.5
	}
	r := &Recorded{Source: "the test", Inputs: map[string]*nn.Tensor{m.Imported.Input: x}}
	if err := r.RecordLayers(m.Imported); err != nil {
		t.Fatal(err)
	}
	r.Expected, r.Layers = r.Layers, nil
	r.Expected[m.Imported.Output] = r.Expected["dense2"]
	return m, r
}

// Layers, plans and the search for a cause keep to the tolerance that is given: without an atol,
// small values are held by their own scale.
func TestToleranceOfSmallValues(t *testing.T) {
	m, r := faint(t)
	for i := range 6 { // the port has the rows of the first layer in another order
		copy(m.Imported.Network.Param("dense1.weight").Data[4*i:4*i+4], []float32{1e-6, float32(i) * 1e-6, -1e-6, 2e-6})
	}
	got, err := Layers(t.Context(), m, r, Options{Tolerance: Tolerance{Rtol: 1e-5}, Why: true})
	if err != nil {
		t.Fatal(err)
	}
	if got.Equal || got.FirstWrong == nil || got.FirstWrong.Own != "dense1" {
		t.Errorf("first wrong %+v: %s", got.FirstWrong, got)
	}
}

// A plan is held to the tolerance of the comparison, but for rounding.
func TestPlansKeepToTheTolerance(t *testing.T) {
	m, r := faint(t)
	x, y := r.Inputs[m.Imported.Input], r.Expected["dense2"]
	off := nn.NewTensor(y.Shape...)
	for i, v := range y.Data {
		off.Data[i] = v * (1 + 3e-4)
	}
	for name, c := range map[string]struct {
		want  *nn.Tensor
		t     Tolerance
		equal bool
	}{
		"the same, exact": {y, presets["exact"], true}, "off, exact": {off, presets["exact"], false}, "off, by scale": {off, Tolerance{Rtol: 1e-5}, false}, "off, loose": {off, Tolerance{Rtol: 1e-3}, true},
		"off, steps": {off, Tolerance{ByULP: true, ULP: 4}, false}, "off, many steps": {off, Tolerance{ByULP: true, ULP: 10000}, true},
	} {
		rows, err := plans(t.Context(), m.Imported.Network, x, c.want, Options{Tolerance: c.t})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range rows {
			if p.Equal != c.equal {
				t.Errorf("%s: plan %q is equal: %v", name, p.Name, p.Equal)
			}
		}
	}
}
