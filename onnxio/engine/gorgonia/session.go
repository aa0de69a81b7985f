package gorgonia

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// maxBatch is the size above which a batch is taken apart: Gorgonia copies every pixel that
// a convolution looks at.
const maxBatch = 64

type session struct {
	im    *onnxio.Imported
	own   *graph.Model  // im's network as gonn writes it
	files map[int]clean // by batch size
}

// clean is a file for one batch size.
type clean struct {
	bytes      []byte
	transposed map[string]bool // its initializers that are
}

// file gives the clean file for a batch size.
func (s *session) file(batch int) (clean, error) {
	if f, ok := s.files[batch]; ok {
		return f, nil
	}
	m, transposed, err := lower(s.own, batch)
	if err != nil {
		return clean{}, fmt.Errorf("Gorgonia cannot run the network: %w", err)
	}
	s.files[batch] = clean{m.Bytes(), transposed}
	return s.files[batch], nil
}

func (s *session) Close() error { return nil }

func (s *session) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	x, err := s.input(inputs)
	if err != nil {
		return nil, err
	}
	count, shape := x.Shape[0], s.im.Network.OutputShape()
	y := nn.NewTensor(append([]int{count}, shape...)...)
	err = s.eachBatch(count, func(f clean, lo, size int) error {
		out, err := run(f.bytes, rows(x, lo, size))
		if err != nil {
			return err
		}
		if want := append([]int{size}, shape...); !nn.Shape(out.Shape).Equal(want) {
			return fmt.Errorf("Gorgonia's result has shape %v, need %v", nn.Shape(out.Shape), nn.Shape(want))
		}
		copy(y.Data[lo*shape.Size():], out.Data)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if y, err = s.im.OutputOrder.ToFile(y); err != nil {
		return nil, err
	}
	return map[string]*nn.Tensor{s.im.Output: y}, nil
}

// input is the batch that goes in, with its axes as the network has them.
func (s *session) input(inputs map[string]*nn.Tensor) (*nn.Tensor, error) {
	return batchOf(inputs, "input", s.im.Input, s.im.InputOrder, s.im.Network.InputShape())
}

func (s *session) Gradients(inputs, dy map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	net := s.im.Network
	x, err := s.input(inputs)
	if err != nil {
		return nil, err
	}
	seed, err := batchOf(dy, "output", s.im.Output, s.im.OutputOrder, net.OutputShape())
	if err != nil {
		return nil, err
	}
	if x.Shape[0] != seed.Shape[0] {
		return nil, fmt.Errorf("%d samples and dy of %d", x.Shape[0], seed.Shape[0])
	}
	sums := map[string]*nn.Tensor{}
	var names []string
	for _, p := range net.Params() {
		if p.Role.Trained() {
			names = append(names, p.FullName())
			sums[p.FullName()] = nn.NewTensor(p.Shape...)
		}
	}
	err = s.eachBatch(x.Shape[0], func(f clean, lo, size int) error {
		grads, err := gradients(f.bytes, rows(x, lo, size), rows(seed, lo, size), names)
		if err != nil {
			return err
		}
		for name, g := range grads {
			v, sum := g.Data, sums[name].Data
			if len(v) != len(sum) {
				return fmt.Errorf("Gorgonia's gradient of %s has %d values, need %d", name, len(v), len(sum))
			}
			if f.transposed[name] {
				v = transpose(v, g.Shape[0], g.Shape[1])
			}
			for i := range sum {
				sum[i] += v[i]
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sums, nil
}

// eachBatch calls f for batches that cover count samples, each of size samples from lo on,
// with the clean file for that size.
func (s *session) eachBatch(count int, f func(file clean, lo, size int) error) error {
	for lo := 0; lo < count; lo += maxBatch {
		size := min(count-lo, maxBatch)
		file, err := s.file(size)
		if err != nil {
			return err
		}
		if err := f(file, lo, size); err != nil {
			return err
		}
	}
	return nil
}

// rows views size samples of x from sample lo on.
func rows(x *nn.Tensor, lo, size int) *nn.Tensor {
	one := nn.Shape(x.Shape[1:]).Size()
	return &nn.Tensor{Shape: append([]int{size}, x.Shape[1:]...), Data: x.Data[lo*one : (lo+size)*one]}
}

// batchOf picks the one tensor that there must be and gives it the axes that the network
// has, whose samples have a shape.
func batchOf(tensors map[string]*nn.Tensor, what, name string, order onnxio.AxisOrder, sample nn.Shape) (*nn.Tensor, error) {
	t := tensors[name]
	if t == nil || len(tensors) != 1 {
		return nil, fmt.Errorf("the model has one %s, %q, and got %d tensors", what, name, len(tensors))
	}
	if n := nn.Shape(t.Shape).Size(); n != len(t.Data) {
		return nil, fmt.Errorf("%s %q has shape %v and %d values", what, name, nn.Shape(t.Shape), len(t.Data))
	}
	t, err := order.ToNetwork(t)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", what, name, err)
	}
	if len(t.Shape) == 0 || !nn.Shape(t.Shape[1:]).Equal(sample) {
		return nil, fmt.Errorf("%s %q has shape %s, got %v", what, name, sample.Batched(), nn.Shape(t.Shape))
	}
	return t, nil
}
