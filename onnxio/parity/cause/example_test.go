package cause_test

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/parity/cause"
)

// A port whose kernels are flipped, as a convolution in the sense of signal processing has them.
func ExampleFind() {
	reference, err := nn.Sequential(nn.Shape{1, 8, 8},
		layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, activation.Must("relu"),
		layer.Flatten{}, layer.Dense{Out: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	reference.Init(nn.PyTorchInit, 1)
	x := nn.NewTensor(4, 1, 8, 8)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i * i)))
	}
	want, err := reference.Forward(x)
	if err != nil {
		fmt.Println(err)
		return
	}
	port := reference.Clone()
	weight := port.Param("conv.weight").Data
	for i := 0; i < len(weight); i += 9 {
		slices.Reverse(weight[i : i+9])
	}
	f, err := cause.Find(context.Background(), cause.Case{
		Net:    port,
		Inputs: map[string]*nn.Tensor{"input": x},
		Want:   map[string]*nn.Tensor{"dense": want},
		Error: func(got, want *nn.Tensor) float64 {
			most := 0.0
			for i, v := range got.Data {
				most = max(most, math.Abs(float64(v)-float64(want.Data[i])))
			}
			return most / 1e-5
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Cause.Kind, f.Cause.Layer)
	fmt.Println(f.Cause.Text)
	// Output:
	// kernel-flipped conv
	// conv: its kernels are flipped in height and width and have to be flipped back
}
