package engine

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// Predict runs every sample of a data set through a model of one input and gives the
// output of the given name, (N, …). order says how the axes of the input lie in the
// samples', as in {0, 2, 3, 1} for a model that takes NHWC; nil is the same order. A model
// that takes a single sample, without an axis for the batch, is run for each. workers is the
// number of goroutines, 0 for one a processor; sessions that are not Concurrent have one.
func Predict(s Session, input, output string, order onnxio.AxisOrder, data nn.Samples, workers int) (*nn.Tensor, error) {
	if data.Len() == 0 {
		return nil, errors.New("no samples: need at least one")
	}
	p := &prediction{Session: s, input: input, output: output, order: order, data: data, size: predictBatch(s, data.Shape().Size())}
	if !order.Batched() {
		p.size = 1
	}
	if err := p.part(0); err != nil { // shows the shape of the output
		return nil, err
	}
	parts := (data.Len() + p.size - 1) / p.size
	errs := make([]error, parts)
	next := atomic.Int64{}
	var all sync.WaitGroup
	for range min(p.workers(workers), parts) {
		all.Go(func() {
			for i := int(next.Add(1)); i < parts; i = int(next.Add(1)) {
				if errs[i] = p.part(i); errs[i] != nil {
					next.Store(int64(parts)) // the others need not go on
				}
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return p.all, nil
}

// prediction is the state of one Predict.
type prediction struct {
	Session
	input, output string
	order         onnxio.AxisOrder
	data          nn.Samples
	size          int        // of a part, in samples
	all           *nn.Tensor // the results of all parts
}

func (p *prediction) workers(asked int) int {
	s := p.Session
	if fixed, ok := s.(*pieces); ok {
		s = fixed.Session
	}
	if _, ok := s.(Concurrent); !ok {
		return 1
	}
	if asked > 0 {
		return asked
	}
	return runtime.GOMAXPROCS(0)
}

// part runs the samples of one part.
func (p *prediction) part(i int) error {
	first := i * p.size
	count := min(p.size, p.data.Len()-first)
	x, err := batchFrom(p.data, first, count)
	if err != nil {
		return err
	}
	x, err = p.order.ToFile(x)
	if err != nil {
		return fmt.Errorf("input %q: %w", p.input, err)
	}
	out, err := p.Run(map[string]*nn.Tensor{p.input: x})
	if err != nil {
		return err
	}
	y := out[p.output]
	if y != nil && !p.order.Batched() && (len(y.Shape) == 0 || y.Shape[0] != 1) {
		y = &nn.Tensor{Shape: append([]int{1}, y.Shape...), Data: y.Data}
	}
	switch {
	case y == nil:
		return fmt.Errorf("the model has no output %q", p.output)
	case len(y.Shape) == 0 || y.Shape[0] != count:
		return fmt.Errorf("output %q has shape %v for %d samples: its first axis must be the batch", p.output, nn.Shape(y.Shape), count)
	case p.all == nil:
		p.all = nn.NewTensor(append([]int{p.data.Len()}, y.Shape[1:]...)...)
	}
	if want := p.all.Shape[1:]; !nn.Shape(y.Shape[1:]).Equal(want) {
		return fmt.Errorf("output %q has samples of shape %v, then of %v", p.output, nn.Shape(want), nn.Shape(y.Shape[1:]))
	}
	copy(p.all.Data[first*len(y.Data)/count:], y.Data)
	return nil
}

// predictBatch is a number of samples of so many elements that keeps the maps of an
// evaluation small, and a multiple of what the file fixes.
func predictBatch(s Session, elements int) int {
	const most = 1 << 22 // elements of a batch
	p, fixed := s.(*pieces)
	if !fixed {
		return min(nn.Lanes, max(1, most/max(1, elements)))
	}
	size := int(min(p.size, maxPiece)) // Run refuses more
	return max(nn.Lanes/size*size, size)
}

// batchFrom is count samples from number first on, (count, …).
func batchFrom(data nn.Dataset, first, count int) (*nn.Tensor, error) {
	x := nn.NewTensor(append([]int{count}, data.Shape()...)...)
	block := nn.NewBlock(data.Shape())
	for i := 0; i < count; i += nn.Lanes {
		var idx []int
		for k := i; k < min(i+nn.Lanes, count); k++ {
			idx = append(idx, first+k)
		}
		if err := data.Fill(block, idx); err != nil {
			return nil, err
		}
		for l := range idx {
			block.Sample(l, x.Sample(i+l))
		}
	}
	return x, nil
}
