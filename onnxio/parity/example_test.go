package parity_test

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// printer stands for the *testing.T of a test. It prints the first line of a failure; the
// others have the errors of all layers.
type printer struct{}

func (printer) Helper() {}
func (printer) Errorf(format string, args ...any) {
	first, _, _ := strings.Cut(fmt.Sprintf(format, args...), "\n")
	fmt.Println(first)
}
func (printer) Fatalf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// A port of a network from another framework has the sign of a slope wrong. The recording has
// what each layer of the original gives; in a test of yours it is read by
// parity.ReadRecorded("inputs.npz", "expected.npz").
func ExampleCheck() {
	original, err := nn.Sequential(nn.Shape{1, 4, 4}, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("leaky:0.25"),
		layer.Flatten{}, layer.Dense{Out: 3})
	if err != nil {
		panic(err)
	}
	original.Init(nn.PyTorchInit, 1)
	model, err := parity.ModelOf(original)
	if err != nil {
		panic(err)
	}
	x := nn.NewTensor(2, 1, 4, 4)
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 3
	}
	recorded := &parity.Recorded{Source: "the original", Inputs: map[string]*nn.Tensor{"input": x}}
	if err := recorded.RecordLayers(model.Imported); err != nil {
		panic(err)
	}
	recorded.Expected = map[string]*nn.Tensor{model.Imported.Output: recorded.Layers["dense"]}

	port, err := original.Builder(func(n *nn.Node) nn.Layer {
		if n.Name == "act" {
			return activation.Must("leaky:-0.25")
		}
		return n.Layer
	}).Build()
	if err != nil {
		panic(err)
	}
	wrong, err := parity.ModelOf(port)
	if err != nil {
		panic(err)
	}
	var t printer // a *testing.T
	report := parity.Check(t, wrong, recorded, parity.Options{})
	fmt.Println(report.FirstWrong.Layer, report.Cause.Kind)
	// Output:
	// Different: act: the sign of its slope is the opposite one
	// act slope-sign
}
