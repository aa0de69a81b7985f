package parity_test

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// Where the file computes what was recorded and the network does not, it is gonn's fault: that
// is said, with the layer, and no correction of the file is looked for. A changed parameter
// stands for a kernel that is wrong.
func TestFaultOfGonnIsSaid(t *testing.T) {
	net, err := preset.Build("lenet5", nn.Shape{1, 28, 28}, 10, activation.Must("mish"))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 5)
	m, err := parity.ModelOf(net)
	if err != nil {
		t.Fatal(err)
	}
	x := nn.NewTensor(3, 1, 28, 28)
	for i := range x.Data {
		x.Data[i] = float32(i%13)/6 - 1
	}
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	m.Imported.Network.Param("conv2.weight").Data[7] += 0.5
	r := &parity.Recorded{Inputs: map[string]*nn.Tensor{m.Imported.Input: x}, Expected: map[string]*nn.Tensor{m.Imported.Output: y}}
	got, err := parity.Layers(t.Context(), m, r, parity.Options{Tolerance: mustParse(t, "close"), Truth: true, Why: true})
	if err != nil {
		t.Fatal(err)
	}
	if got.Equal || !got.Fault || got.Cause != nil || got.FirstWrong == nil || got.FirstWrong.Layer != "conv2" || !strings.Contains(got.Answer, "fault is gonn's") {
		t.Errorf("%+v\n%s", got.FirstWrong, got)
	}
}
