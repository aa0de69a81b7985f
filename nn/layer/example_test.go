package layer_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// LayerScale multiplies each channel by a learned number, which starts small (Touvron et al.
// 2021, "Going deeper with Image Transformers").
type LayerScale struct {
	Start float32
}

func (LayerScale) Kind() string { return "LayerScale" }
func (LayerScale) Stem() string { return "scale" }

func (l LayerScale) Bind(in []nn.Shape) (op.Op, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("got %d inputs, need 1", len(in))
	}
	return layerScaleOp{l, in[0]}, nil
}

// layerScaleOp is the layer on samples of one shape.
type layerScaleOp struct {
	LayerScale
	shape nn.Shape
}

func (o layerScaleOp) Shape() nn.Shape { return o.shape }
func (o layerScaleOp) MACs() int       { return o.shape.Size() }

func (o layerScaleOp) Params() []nn.ParamSpec {
	return []nn.ParamSpec{{Name: "weight", Shape: o.shape[:1], Role: nn.Scale, FanIn: 1, FanOut: 1, Start: &o.Start}}
}

// Forward: y = w[channel]·x, for sixteen samples at once.
func (o layerScaleOp) Forward(c *op.Call) {
	each := len(c.Y.Data) / o.shape[0]
	for i, x := range c.X[0].Data {
		c.Y.Data[i] = c.W[0][i/each] * x
	}
}

// Backward: ∂w[channel] = Σ dy·x and dx = w[channel]·dy, each as far as it is wanted.
func (o layerScaleOp) Backward(c *op.Call) {
	each := len(c.Y.Data) / o.shape[0]
	for i, dy := range c.DY.Data {
		if dw := c.DW[0]; dw != nil {
			dw[i/each] += dy * c.X[0].Data[i]
		}
		if dx := c.DX[0].Data; dx != nil {
			dx[i] = c.W[0][i/each] * dy
		}
	}
}

// A layer of one's own learns like those of this package: here to multiply three channels by
// 2, −1 and 0.5.
func Example_customLayer() {
	net, err := nn.Sequential(nn.Shape{3, 1, 2}, LayerScale{Start: 0.1})
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Init(nn.PyTorchInit, 1)
	fmt.Println(net.Nodes()[0].Name, net.Params()[0].Data)

	x := &nn.Tensor{Shape: []int{2, 3, 1, 2}, Data: []float32{1, 0, 1, 2, 3, 1, 0, 1, -1, 1, 2, 0}}
	y := &nn.Tensor{Shape: []int{2, 3, 1, 2}, Data: []float32{2, 0, -1, -2, 1.5, 0.5, 0, 2, 1, -1, 1, 0}}
	data, err := nn.NewTensorTargets(x, y)
	if err != nil {
		fmt.Println(err)
		return
	}
	stepper := nn.NewStepper(net, loss.MSE{}, 0)
	for range 50 {
		if _, err := stepper.Step(data, []int{0, 1}); err != nil {
			fmt.Println(err)
			return
		}
		for p, grad := range stepper.Grads() {
			for i, g := range grad {
				p.Data[i] -= 0.5 * g
			}
		}
	}
	fmt.Printf("%s %.3f\n", net.Params()[0].FullName(), net.Params()[0].Data)
	// Output:
	// scale [0.1 0.1 0.1]
	// scale.weight [2.000 -1.000 0.500]
}
