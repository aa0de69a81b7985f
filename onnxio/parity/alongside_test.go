package parity_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// Another network's layers are the reference, computed one by one where the networks have the
// same layers, and before where they do not. Both say the same.
func TestAlongsideEqualsRecordedLayers(t *testing.T) {
	net, err := preset.Build("resnet20", nn.Shape{3, 16, 16}, 10, activation.Must("prelu:channel"))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 7)
	original, err := parity.ModelOf(net)
	if err != nil {
		t.Fatal(err)
	}
	x := nn.NewTensor(3, 3, 16, 16)
	for i := range x.Data {
		x.Data[i] = float32(i*7%23)/11 - 1
	}
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	port := net.Clone()
	wrong := "" // a convolution in the middle
	for _, n := range net.Nodes()[len(net.Nodes())/2:] {
		if n.Layer.Kind() == "Conv" {
			wrong = n.Name
			break
		}
	}
	for i := range port.Param(wrong + ".weight").Data[:9] {
		port.Param(wrong + ".weight").Data[i] += 0.5
	}
	for name, bug := range map[string]*nn.Network{"the same": net.Clone(), "another weight": port} {
		m, err := parity.ModelOf(bug)
		if err != nil {
			t.Fatal(err)
		}
		var reports []*parity.Report
		for _, record := range []func(r *parity.Recorded) error{
			func(r *parity.Recorded) error { return r.Alongside(original.Imported) },
			func(r *parity.Recorded) error { return r.RecordLayers(original.Imported) },
		} {
			r := &parity.Recorded{Inputs: map[string]*nn.Tensor{"input": x}, Expected: map[string]*nn.Tensor{m.Imported.Output: y}}
			if err := record(r); err != nil {
				t.Fatal(err)
			}
			report, err := parity.Layers(t.Context(), m, r, parity.Options{Tolerance: mustParse(t, "close")})
			if err != nil {
				t.Fatal(err)
			}
			reports = append(reports, report)
			if f := report.FirstWrong; report.Equal != (bug != port) || (f == nil) != (bug != port) || f != nil && f.Layer != wrong {
				t.Errorf("%s: %+v\n%s", name, f, report)
			}
			for _, l := range report.Layers {
				if l.Isolated == nil || bug != port && l.Verdict != parity.Equal {
					t.Errorf("%s: layer %s is %s", name, l.Layer, l.Verdict)
				}
			}
		}
		if a, b := len(reports[0].Layers), len(reports[1].Layers); a != b || a != len(net.Nodes()) {
			t.Errorf("%s: %d and %d rows of %d layers", name, a, b, len(net.Nodes()))
		}
	}
}
