package engine

import (
	"fmt"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// MadeUp are samples of random numbers for all inputs of a model, the same ones every time:
// between −1 and 1, for integers from 0 to 127 and for BOOL 0 and 1. An input whose first
// axis the file fixes gets as many samples as are asked for all the same (InPieces). open are
// the sizes, one after the other, of axes besides the batch that the file leaves open, such
// as height and width; without them such an axis is an error. An open axis of channels is 3.
func MadeUp(m *graph.Model, samples int, open ...int) (map[string]*nn.Tensor, error) {
	return madeUp(m, samples, maxPiece, open...)
}

// madeUp is MadeUp of at most so many elements, those of all inputs together.
func madeUp(m *graph.Model, samples, most int, open ...int) (map[string]*nn.Tensor, error) {
	inputs := map[string]*nn.Tensor{}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, v := range m.Graph.Feeds() {
		shape, err := madeUpShape(v, open)
		if err != nil {
			return nil, fmt.Errorf("input %q: %w", v.Name, err)
		}
		if shape.Size() > most/max(samples, 1) {
			return nil, fmt.Errorf("input %q: %d × %v is too large to make up", v.Name, samples, shape)
		}
		most -= samples * shape.Size()
		x := nn.NewTensor(append([]int{samples}, shape...)...)
		for i := range x.Data {
			x.Data[i] = madeUpNumber(rng, v.Type)
		}
		inputs[v.Name] = x
	}
	return inputs, nil
}

func madeUpNumber(rng *rand.Rand, t graph.DataType) float32 {
	f := rng.Float32()
	switch {
	case t == graph.Bool:
		return float32(int(2 * f))
	case integers(t):
		return float32(int(128 * f))
	}
	return 2*f - 1
}

// integers reports whether a type holds whole numbers, BOOL among them.
func integers(t graph.DataType) bool {
	switch t {
	case graph.Uint8, graph.Int8, graph.Uint16, graph.Int16, graph.Uint32, graph.Int32, graph.Uint64, graph.Int64, graph.Bool:
		return true
	}
	return false
}

// madeUpShape is the shape of one sample of an input.
func madeUpShape(v *graph.Value, open []int) (nn.Shape, error) {
	if !v.HasShape || len(v.Shape) == 0 {
		return nil, fmt.Errorf("it has no shape in the file")
	}
	shape, left := nn.Shape{}, int64(onnxio.MaxSample)
	next := 0
	for i, d := range v.Shape[1:] {
		size := d.Size
		if !d.Known() {
			size = 0
			switch {
			case len(open) == 0:
			case i == 0 && len(v.Shape) == 4 && !v.Shape[3].Known(): // NCHW, all open
				size = 3
			default:
				size = int64(open[min(next, len(open)-1)])
				next++
			}
		}
		if size < 1 || size > left {
			return nil, fmt.Errorf("its shape %s is open or too large", v.ShapeText())
		}
		left /= size
		shape = append(shape, int(size))
	}
	return shape, nil
}
