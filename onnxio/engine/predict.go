package engine

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// Predict runs every sample of a data set through a model of one input and gives the
// output of the given name, (N, …). order says how the axes of the input lie in the
// samples', as in {0, 2, 3, 1} for a model that takes NHWC; nil is the same order.
func Predict(s Session, input, output string, order onnxio.AxisOrder, data nn.Samples) (*nn.Tensor, error) {
	size := predictBatch(s)
	var all *nn.Tensor
	for first := 0; first < data.Len(); first += size {
		count := min(size, data.Len()-first)
		x, err := order.ToFile(batchFrom(data, first, count))
		if err != nil {
			return nil, fmt.Errorf("input %q: %w", input, err)
		}
		out, err := s.Run(map[string]*nn.Tensor{input: x})
		if err != nil {
			return nil, err
		}
		y := out[output]
		switch {
		case y == nil:
			return nil, fmt.Errorf("the model has no output %q", output)
		case len(y.Shape) == 0 || y.Shape[0] != count:
			return nil, fmt.Errorf("output %q has shape %v for %d samples: its first axis must be the batch", output, nn.Shape(y.Shape), count)
		case all == nil:
			all = nn.NewTensor(append([]int{data.Len()}, y.Shape[1:]...)...)
		}
		if !nn.Shape(y.Shape[1:]).Equal(all.Shape[1:]) {
			return nil, fmt.Errorf("output %q has samples of shape %v, then of %v", output, nn.Shape(all.Shape[1:]), nn.Shape(y.Shape[1:]))
		}
		copy(all.Data[first*len(y.Data)/count:], y.Data)
	}
	if all == nil {
		return nil, fmt.Errorf("no samples: need at least one")
	}
	return all, nil
}

// predictBatch is a number of samples that keeps the maps of an evaluation small, and a
// multiple of what the file fixes.
func predictBatch(s Session) int {
	p, fixed := s.(*pieces)
	if !fixed {
		return nn.Lanes
	}
	return max(nn.Lanes/p.size*p.size, p.size)
}

// batchFrom is count samples from number first on, (count, …).
func batchFrom(data nn.Samples, first, count int) *nn.Tensor {
	x := nn.NewTensor(append([]int{count}, data.Shape()...)...)
	block := nn.NewBlock(data.Shape())
	for i := 0; i < count; i += nn.Lanes {
		var idx []int
		for k := i; k < min(i+nn.Lanes, count); k++ {
			idx = append(idx, first+k)
		}
		data.Fill(block, idx)
		for l := range idx {
			block.Sample(l, x.Sample(i+l))
		}
	}
	return x
}
