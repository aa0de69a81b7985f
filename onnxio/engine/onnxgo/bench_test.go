package onnxgo

import (
	"fmt"
	"testing"

	"github.com/owulveryck/onnx-go"
	"github.com/owulveryck/onnx-go/backend"
	"github.com/owulveryck/onnx-go/backend/x/gorgonnx"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// backends are onnx-go's own and this one.
var backends = []struct {
	name string
	make func() backend.ComputationBackend
}{
	{"gorgonia", func() backend.ComputationBackend { return gorgonnx.NewGraph() }},
	{"gonn", func() backend.ComputationBackend { return NewGraph() }},
}

// studied is the file of the study's network with an activation that onnx-go's own backend
// has too.
func studied(t testing.TB) []byte {
	t.Helper()
	net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must("leaky:0.5"))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Both backends give the same program the same results.
func TestBackendsAgree(t *testing.T) {
	tolerance, err := parity.ParseTolerance("close")
	if err != nil {
		t.Fatal(err)
	}
	file, x := studied(t), samples(8, 1, 28, 28)
	var results []*nn.Tensor
	for _, b := range backends {
		y, err := compute(b.make(), file, toTensor(x))
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, ofTensor(t, y))
	}
	if r, err := parity.Tensors("logits", results[1], results[0], tolerance); err != nil || !r.Equal {
		t.Errorf("%+v, %v", r, err)
	}
}

// BenchmarkSwitch runs one program on both backends: the model is decoded once, then each
// round sets the input, runs, and takes the output.
func BenchmarkSwitch(b *testing.B) {
	file := studied(b)
	for _, batch := range []int{1, 128} {
		for _, back := range backends {
			b.Run(fmt.Sprintf("batch=%d/%s", batch, back.name), func(b *testing.B) {
				graph := back.make()
				model := onnx.NewModel(graph)
				if err := model.UnmarshalBinary(file); err != nil {
					b.Fatal(err)
				}
				x := toTensor(samples(batch, 1, 28, 28))
				for b.Loop() {
					if err := model.SetInput(0, x); err != nil {
						b.Fatal(err)
					}
					if err := graph.Run(); err != nil {
						b.Fatal(err)
					}
					if _, err := model.GetOutputTensors(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(batch)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
			})
		}
	}
}
